// Alerts on flows of a country
//
// meaning: Flows of a country that stand out, whether it exports or imports.
// data: alerts
// parameter: country | area | | Country or area
// parameter: list | alert_list | agnostic | List of alerts: agnostic or learned
// parameter: min_level | whole | 1 | Smallest claim level: 1 anomaly, 2 candidate
// parameter: limit | whole | 50 | Rows at most
// key: alert
// column: rank | whole | Place on the list
// column: alert | text | Identifier of the alert
// column: exporter | text | Code of the exporter
// column: importer | text | Code of the importer
// column: commodity | text | HS code
// column: year | whole | Calendar year
// column: claim_level | whole | 1 anomaly, 2 candidate
// column: channel | text | Channel that speaks
// column: main_cause | text? | Possible ordinary cause with the largest share
// column: gap_value_usd | number? | Unmatched value, USD
// column: gap_mass_kg | number? | Unmatched mass, kg
// column: is_selected | flag | False for anomalies below the cut
// column: sentence | text | The alert in one sentence
// caveat: An alert is a flow that stands out; ordinary causes are tested beside it and may explain it.

MATCH (t:Alert)-[:ABOUT]->(f:Flow)
WHERE t.list = $list AND t.claim_level >= $min_level AND (f.exporter = $country OR f.importer = $country)
RETURN t.rank AS rank, t.alert_id AS alert, f.exporter AS exporter, f.importer AS importer, f.commodity AS commodity,
  f.year AS year, t.claim_level AS claim_level, t.channel AS channel, t.main_cause AS main_cause,
  t.gap_value_usd AS gap_value_usd, t.gap_mass_kg AS gap_mass_kg, t.is_selected AS is_selected,
  t.sentence AS sentence
ORDER BY rank, alert
LIMIT $limit
