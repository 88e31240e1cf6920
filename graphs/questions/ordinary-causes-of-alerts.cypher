// Ordinary causes behind the alerts
//
// meaning: How many alerts name which possible ordinary cause, channel by channel.
// data: alerts
// parameter: list | alert_list | agnostic | List of alerts: agnostic or learned
// parameter: min_level | whole | 1 | Smallest claim level: 1 anomaly, 2 candidate
// key: channel, main_cause
// column: channel | text | Channel that speaks
// column: main_cause | text | Possible ordinary cause with the largest share; "none named" where none is possible
// column: alerts | whole | Alerts
// column: candidates | whole | Of these, at claim level 2
// column: gap_value_usd | number? | Unmatched value, USD; null where no alert states one
// column: alerts_without_value | whole | Alerts that state no unmatched value
// caveat: An alert is a flow that stands out; ordinary causes are tested beside it and may explain it.
// caveat: Every anomaly of the list is counted, the selected alerts and those below the cut.

MATCH (t:Alert)
WHERE t.list = $list AND t.claim_level >= $min_level
WITH t.channel AS channel, coalesce(t.main_cause, "none named") AS main_cause, count(*) AS alerts,
  count(CASE WHEN t.claim_level >= 2 THEN 1 END) AS candidates,
  CASE WHEN count(t.gap_value_usd) > 0 THEN round(sum(t.gap_value_usd), 3) END AS gap_value_usd,
  count(*) - count(t.gap_value_usd) AS alerts_without_value
RETURN channel, main_cause, alerts, candidates, gap_value_usd, alerts_without_value
ORDER BY alerts DESC, channel, main_cause
