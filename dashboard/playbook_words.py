"""The words of the playbook on an incident's page.

Beside wording. Holds no decision; names, numbers and texts of others go through `escaping` where they are drawn.
"""

from alerts.pausing import QueueEvent, Reception

TITLE = "Playbook"
TITLE_HELP = "Holding statements, steps and people. Stormcone fills what is known and sends nothing."
LANGUAGE = "Language of the statements"
CAUSE = "Cause"
NO_CAUSE = "nobody has named it"
NO_STATEMENT = "There is no holding statement for this kind; add one as `[[playbook.statements]]` in config.toml."
OWN = "your own"
STEPS = "Steps"
NO_STEPS = "Nothing is advised, so there are no steps."
LATE = "late"
ROLES = "Who to call"
NO_ROLES = "Nobody is named; add `[[playbook.roles]]` to config.toml."
SHOW_PHONES = "Show telephone numbers"
NO_PHONE = "no number"
NO_SCHEDULER = (
    "No scheduler is named in `[playbook.pause]` of config.toml, so pause its queue there by hand. Stormcone never "
    "does it by itself."
)
BUTTONS = {QueueEvent.PAUSE: "Pause the queue", QueueEvent.RESUME: "Resume the queue"}
ICONS = {QueueEvent.PAUSE: ":material/pause_circle:", QueueEvent.RESUME: ":material/play_circle:"}
CONFIRM = {
    QueueEvent.PAUSE: "Your scheduler is asked now to send nothing more. Posts due within the minute may still leave.",
    QueueEvent.RESUME: "Your scheduler is asked now to go on. Look through what waits there first.",
}
SEND = {QueueEvent.PAUSE: "Pause it now", QueueEvent.RESUME: "Resume it now"}
KEPT = "Who asked, why, and what became of it stands in the timeline."
ASKING = "Asking the scheduler"
RECEPTIONS = {
    Reception.ACCEPTED: "Accepted",
    Reception.REFUSED: "Refused",
    Reception.UNREACHABLE: "Not reached",
    Reception.UNSURE: "No answer",
}
