// Exporters that took over after an export ban
//
// meaning: Exporters whose sales of the covered goods to former customers of the banning country rose from the years before to the years from the ban on.
// data: any
// parameter: exporter | area | | Country that decreed the ban
// parameter: commodity | goods | any | Material or six-digit HS code; any for all
// parameter: year | year | | Year in which the ban is in force, usually its first
// parameter: window | whole | 3 | Years before, and years from then on, that are compared
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared or reconciled | Whose figures: the first of these kinds that is held, or a source by name
// derived: first_day | {year}-01-01
// derived: last_day | {year}-12-31
// key: exporter
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: customers | whole | Former customers that it supplies
// column: before_usd | number? | Sales to them in the years before, USD; null where none are recorded
// column: after_usd | number | Sales to them from the year on, USD
// column: rise_usd | number | Difference, USD
// caveat: `value_usd` is what the importer declares, else what the exporter declares, else the reconciled value.
// caveat: Other producers that fill the gap are what a ban leads to.
// caveat: No recorded sales before count as none in the difference. Where fewer years are held after the ban than before, the rise is too small.

MATCH (k:Commodity)<-[:COVERS]-(decree:Ban)-[:DECREED_BY]->(c:Country)
WHERE c.code = $exporter AND decree.start <= $last_day AND (decree.`end` IS NULL OR decree.`end` >= $first_day)
  AND ($commodity = "" OR k.family = $commodity OR k.code = $commodity)
WITH DISTINCT k.code AS code
MATCH (g:Flow)-[:IMPORTED_BY]->(b:Country)
WHERE g.source = $source AND g.commodity = code AND g.exporter = $exporter AND g.year < $year
  AND g.year >= $year - $window AND g.importer <> $exporter
WITH DISTINCT b.code AS customer
MATCH (k:Commodity)<-[:COVERS]-(decree:Ban)-[:DECREED_BY]->(c:Country)
WHERE c.code = $exporter AND decree.start <= $last_day AND (decree.`end` IS NULL OR decree.`end` >= $first_day)
  AND ($commodity = "" OR k.family = $commodity OR k.code = $commodity)
WITH DISTINCT customer, k.code AS covered
MATCH (f:Flow)-[:EXPORTED_BY]->(a:Country|Residual)
WHERE f.source = $source AND f.commodity = covered AND f.importer = customer AND f.exporter <> $exporter
  AND f.exporter <> f.importer AND f.year >= $year - $window AND f.year < $year + $window
WITH a.code AS exporter, a.name AS exporter_name, customer,
  CASE WHEN f.year < $year THEN coalesce(f.import_value_usd, f.export_value_usd, f.value_usd) END AS sold_before,
  CASE WHEN f.year >= $year THEN coalesce(f.import_value_usd, f.export_value_usd, f.value_usd) END AS sold_after
WITH exporter, exporter_name, count(DISTINCT customer) AS customers,
  CASE WHEN count(sold_before) > 0 THEN round(sum(sold_before), 3) END AS before_usd,
  CASE WHEN count(sold_after) > 0 THEN round(sum(sold_after), 3) END AS after_usd
WITH exporter, exporter_name, customers, before_usd, after_usd,
  round(after_usd - coalesce(before_usd, 0.0), 3) AS rise_usd
WHERE rise_usd > 0 AND rise_usd >= $min_value_usd
RETURN exporter, exporter_name, customers, before_usd, after_usd, rise_usd
ORDER BY rise_usd DESC, exporter
LIMIT $limit
