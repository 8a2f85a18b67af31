"""What is done to strangers' files in a process of its own: nothing here runs in the server's (community.containing).

Whatever is found is only believed as far as `found.Found` goes; what fails here, fails alone.
"""
