// Importers on which alerts of several exporters meet
//
// meaning: Importers that buy from several exporters whose flows stand out.
// data: alerts
// parameter: list | alert_list | agnostic | List of alerts: agnostic or learned
// parameter: min_level | whole | 1 | Smallest claim level: 1 anomaly, 2 candidate
// parameter: min_exporters | whole | 2 | Fewest exporters
// parameter: limit | whole | 50 | Rows at most
// key: importer
// column: importer | text | Code of the importer
// column: importer_name | text | Its name
// column: exporters | whole | Exporters with alerts
// column: alerts | whole | Alerts
// column: first_year | whole | First year
// column: last_year | whole | Last year
// column: gap_value_usd | number? | Unmatched value, USD; null where no alert states one
// column: alerts_without_value | whole | Alerts that state no unmatched value
// caveat: An alert is a flow that stands out; ordinary causes are tested beside it and may explain it.
// caveat: Every anomaly of the list is counted, the selected alerts and those below the cut.
// caveat: A large importer meets more alerts because it has more partners.

MATCH (t:Alert)-[:ABOUT]->(f:Flow)-[:IMPORTED_BY]->(b:Country|Residual)
WHERE t.list = $list AND t.claim_level >= $min_level
WITH b.code AS importer, b.name AS importer_name, count(DISTINCT f.exporter) AS exporters, count(*) AS alerts,
  min(f.year) AS first_year, max(f.year) AS last_year,
  CASE WHEN count(t.gap_value_usd) > 0 THEN round(sum(t.gap_value_usd), 3) END AS gap_value_usd,
  count(*) - count(t.gap_value_usd) AS alerts_without_value
WHERE exporters >= $min_exporters
RETURN importer, importer_name, exporters, alerts, first_year, last_year, gap_value_usd, alerts_without_value
ORDER BY exporters DESC, alerts DESC, importer
LIMIT $limit
