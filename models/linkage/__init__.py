"""How goods could have moved: one network of roads, railways, rivers, sea lanes and airways, and ways through it."""
