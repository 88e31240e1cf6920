"""Structure: what the shape of trade around a flow says, apart from how two declarations of it compare.

Each module holds one channel; its docstring is the sentence that users read. All judge a change against the past and
never a level, read earlier years only, and answer only about flows that show the pattern at all, so that no flow
pays for tests that had nothing to say. Structure alone is weak evidence: hubs, refiners and carriers all look like
this, and every channel leaves claim level 2 to causes that only other sources could exclude.
"""

from models.flows.structure.code_switch import code_switch
from models.flows.structure.disparity import disparity
from models.flows.structure.edge_stream import edge_stream
from models.flows.structure.new_route import new_route
from models.flows.structure.partner_switch import partner_switch
from models.flows.structure.pass_through import pass_through
from models.flows.structure.three_path import three_path
from models.flows.structure.two_cycle import two_cycle

__all__ = [
    "code_switch",
    "disparity",
    "edge_stream",
    "new_route",
    "partner_switch",
    "pass_through",
    "three_path",
    "two_cycle",
]
