// Pairs that stop trading a material
//
// meaning: Pairs that traded in the years before and have no trade on record in a year.
// data: any
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: window | whole | 3 | Earlier years that are looked at
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: exporter, importer
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: importer | text | Code of the importer
// column: importer_name | text | Its name
// column: usual_usd | number | Mean value of the years with trade, USD
// column: years_traded | whole | Earlier years with trade
// column: last_year | whole | Last of them
// caveat: A pair without an edge is a pair of which the source knows no trade: it may exist unrecorded.
// caveat: An exporter that stops reporting, or hides a partner for confidentiality, looks the same.
// caveat: Empty where the source holds no trade of the material at all in that year.

MATCH (:Country|Residual)-[e:EXPORTS_TO]->(:Country|Residual)
WHERE e.source = $source AND e.family = $commodity AND e.year = $year
WITH count(*) AS edges_held
WHERE edges_held > 0
MATCH (a:Country|Residual)-[r:EXPORTS_TO]->(b:Country|Residual)
WHERE r.source = $source AND r.family = $commodity AND r.year <= $year AND r.year >= $year - $window
  AND a.code <> b.code
WITH a.code AS exporter, a.name AS exporter_name, b.code AS importer, b.name AS importer_name, r.year AS traded,
  CASE WHEN r.year < $year THEN r.value_usd END AS earlier_usd
WITH exporter, exporter_name, importer, importer_name, count(CASE WHEN traded = $year THEN 1 END) AS now,
  count(earlier_usd) AS years_traded, max(traded) AS last_year,
  CASE WHEN count(earlier_usd) > 0 THEN round(sum(earlier_usd), 3) / count(earlier_usd) END AS usual_usd
WHERE now = 0 AND usual_usd >= $min_value_usd
RETURN exporter, exporter_name, importer, importer_name, usual_usd, years_traded, last_year
ORDER BY usual_usd DESC, exporter, importer
LIMIT $limit
