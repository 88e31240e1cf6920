"""Graph stores: an embedded one that needs nothing, and a server that many share."""
