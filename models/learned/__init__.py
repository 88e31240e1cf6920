"""The learned list's model: relational features of flows, boosted trees, and what each tree ensemble can say of why."""
