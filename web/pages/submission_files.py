"""/submissions/…/files: what is in a submission, shown in place or taken along, for whoever may read it."""

from web.file_routes import add_files
from web.visit import Router
from workshops.submissions_seen import file_of_submission

router = Router("/submissions/{id}")
add_files(router, file_of_submission)
