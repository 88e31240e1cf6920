"""Companies that bills of lading name: their spellings read, compared, and merged only where the risk is small."""
