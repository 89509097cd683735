"""The diary by days: what was recorded on one day, gathered on one page."""
