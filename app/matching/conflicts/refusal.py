"""The refusal of whoever would choose, draw or invite a person that a rule keeps away."""

from app.core.errors import Conflict
from app.core.labels import T


class MustAvoid(Conflict):
    """A rule keeps the expert away from the matter."""

    type = "urn:park:conflict-of-interest"
    title = T("存在回避情形", "Conflict of interest")
