"""What a flow would ordinarily have been: a ladder of forecasts, each judged against the one below."""
