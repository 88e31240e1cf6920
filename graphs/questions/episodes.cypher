// Episodes of alerts
//
// meaning: Neighbouring years of one exporter and code that stand out, taken together.
// data: alerts
// parameter: exporter | area | any | Exporter; any for all
// parameter: list | alert_list | agnostic | List of alerts: agnostic or learned
// parameter: min_level | whole | 1 | Smallest claim level: 1 anomaly, 2 candidate
// parameter: limit | whole | 50 | Rows at most
// key: episode
// column: episode | text | Identifier of the episode
// column: exporter | text | Code of the exporter
// column: commodity | text | HS code
// column: first_year | whole | First year
// column: last_year | whole | Last year
// column: alerts | whole | Alerts
// column: importers | whole | Importers concerned
// column: highest_level | whole | Highest claim level
// column: best_rank | whole | Best place on the list
// column: gap_value_usd | number? | Unmatched value, USD; null where no alert states one
// column: alerts_without_value | whole | Alerts that state no unmatched value
// caveat: An alert is a flow that stands out; ordinary causes are tested beside it and may explain it.
// caveat: Every anomaly of the list is counted, the selected alerts and those below the cut.

MATCH (t:Alert)-[:ABOUT]->(f:Flow)
WHERE t.list = $list AND t.claim_level >= $min_level AND ($exporter = "" OR f.exporter = $exporter)
WITH t.episode_id AS episode, f.exporter AS exporter, f.commodity AS commodity, min(f.year) AS first_year,
  max(f.year) AS last_year, count(*) AS alerts, count(DISTINCT f.importer) AS importers,
  max(t.claim_level) AS highest_level, min(t.rank) AS best_rank,
  CASE WHEN count(t.gap_value_usd) > 0 THEN round(sum(t.gap_value_usd), 3) END AS gap_value_usd,
  count(*) - count(t.gap_value_usd) AS alerts_without_value
RETURN episode, exporter, commodity, first_year, last_year, alerts, importers, highest_level, best_rank,
  gap_value_usd, alerts_without_value
ORDER BY best_rank, episode, exporter, commodity
LIMIT $limit
