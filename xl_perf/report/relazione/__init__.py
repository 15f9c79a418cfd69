"""The Relazione sulla performance: the plan's tables of results filled from facts, with the evidence of each number."""
