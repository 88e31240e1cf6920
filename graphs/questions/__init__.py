"""Named, parameterised questions to the graph, one `.cypher` file each, answered alike by every engine."""
