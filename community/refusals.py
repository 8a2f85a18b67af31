"""Why a verb of the community was refused: small errors, each with a sentence (`say`) for the person who asked."""

from community.words import Sentence


class Refusal(Exception):
    """Something that cannot be done; the message says why and how to mend it.

    `way` is the address where it is mended, `leads` what the way there is called; None where it is no other place.
    """

    def __init__(self, *said: str, way: str | None = None, leads: Sentence | None = None) -> None:
        super().__init__(*said)
        self.way, self.leads = way, leads


class NotThere(Refusal):
    """What was asked for does not exist, or not for this person."""


class NotAllowed(Refusal):
    """The person's role does not reach this far."""


class Locked(Refusal):
    """The thing takes nothing more."""


class TooFast(Refusal):
    """More at once than a person does; the message says when it may be tried again."""


class WrongInput(Refusal):
    """What was typed cannot be taken; `errors` has a sentence for each field."""

    def __init__(self, **errors: str) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = errors
