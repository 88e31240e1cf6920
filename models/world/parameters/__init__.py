"""Parameters of the training world, one frozen class for each part. They are set before any detector is tuned."""
