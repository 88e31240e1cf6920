// Countries that book trade to partners that are no country
//
// meaning: Which countries name areas not elsewhere specified, zones, bunkers or groups as their partner, and for how much.
// data: any
// parameter: commodity | goods | any | Material or six-digit HS code; any for all
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared or reconciled | Whose figures: the first of these kinds that is held, or a source by name
// key: country, residual, stands_as
// column: country | text | Code of the country
// column: country_name | text | Its name
// column: residual | text | Code of the residual partner
// column: residual_name | text | Its name
// column: stands_as | text | What the residual partner is: exporter or importer
// column: flows | whole | Flows
// column: value_usd | number | Value, USD
// column: flows_without_value | whole | Flows whose value is unknown
// caveat: `value_usd` is the reconciled value, else what the one side declares.
// caveat: Confidentiality, unknown destination and free zones are ordinary reasons for a residual partner.

MATCH (x:Residual)<-[:EXPORTED_BY|IMPORTED_BY]-(f:Flow)-[:EXPORTED_BY|IMPORTED_BY]->(c:Country)
WHERE f.source = $source AND ($commodity = "" OR f.family = $commodity OR f.commodity = $commodity) AND f.year = $year
  AND x.code <> c.code
WITH c.code AS country, c.name AS country_name, x.code AS residual, x.name AS residual_name,
  CASE WHEN f.exporter = x.code THEN "exporter" ELSE "importer" END AS stands_as,
  coalesce(f.value_usd, f.export_value_usd, f.import_value_usd) AS amount
WITH country, country_name, residual, residual_name, stands_as, count(*) AS flows,
  CASE WHEN count(amount) > 0 THEN round(sum(amount), 3) END AS value_usd,
  count(*) - count(amount) AS flows_without_value
WHERE value_usd >= $min_value_usd
RETURN country, country_name, residual, residual_name, stands_as, flows, value_usd, flows_without_value
ORDER BY value_usd DESC, country, residual, stands_as
LIMIT $limit
