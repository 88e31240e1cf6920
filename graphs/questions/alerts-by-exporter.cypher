// Exporters by the number of their alerts
//
// meaning: On whose exports flows stand out most often, and with whom.
// data: alerts
// parameter: list | alert_list | agnostic | List of alerts: agnostic or learned
// parameter: min_level | whole | 1 | Smallest claim level: 1 anomaly, 2 candidate
// parameter: limit | whole | 50 | Rows at most
// key: exporter
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: alerts | whole | Alerts
// column: candidates | whole | Of these, at claim level 2
// column: selected | whole | Of these, selected
// column: importers | whole | Importers concerned
// column: episodes | whole | Episodes: neighbouring years of one code
// column: gap_value_usd | number? | Unmatched value, USD; null where no alert states one
// column: alerts_without_value | whole | Alerts that state no unmatched value
// caveat: An alert is a flow that stands out; ordinary causes are tested beside it and may explain it.
// caveat: Every anomaly of the list is counted, the selected alerts and those below the cut.

MATCH (t:Alert)-[:ABOUT]->(f:Flow)-[:EXPORTED_BY]->(a:Country|Residual)
WHERE t.list = $list AND t.claim_level >= $min_level
WITH a.code AS exporter, a.name AS exporter_name, count(*) AS alerts,
  count(CASE WHEN t.claim_level >= 2 THEN 1 END) AS candidates, count(CASE WHEN t.is_selected THEN 1 END) AS selected,
  count(DISTINCT f.importer) AS importers, count(DISTINCT t.episode_id) AS episodes,
  CASE WHEN count(t.gap_value_usd) > 0 THEN round(sum(t.gap_value_usd), 3) END AS gap_value_usd,
  count(*) - count(t.gap_value_usd) AS alerts_without_value
RETURN exporter, exporter_name, alerts, candidates, selected, importers, episodes, gap_value_usd, alerts_without_value
ORDER BY alerts DESC, exporter
LIMIT $limit
