// Imports of goods under an export ban
//
// meaning: Flows of goods whose export their exporter had banned for the whole year.
// data: any
// parameter: exporter | area | any | Exporter; any for all
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 0 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared or reconciled | Whose figures: the first of these kinds that is held, or a source by name
// derived: first_day | {year}-01-01
// derived: last_day | {year}-12-31
// key: exporter, importer, commodity, ban
// column: exporter | text | Code of the exporter
// column: importer | text | Code of the importer
// column: importer_name | text | Its name
// column: commodity | text | HS code
// column: value_usd | number | Value, USD
// column: export_value_usd | number? | What the exporter declares, USD; null where it declares none
// column: import_value_usd | number? | What the importer declares, USD; null where it declares none
// column: ban | text | Identifier of the ban
// column: start | text | First day of the ban
// caveat: `value_usd` is what the importer declares, else what the exporter declares, else the reconciled value.
// caveat: A ban has exceptions, and goods on their way when it began: an import after it is no breach by itself.
// caveat: An exporter may name the country of transit as partner, an importer the country of origin.

MATCH (e:Country)<-[:DECREED_BY]-(decree:Ban)-[:COVERS]->(k:Commodity)
WHERE ($exporter = "" OR e.code = $exporter)
  AND decree.start <= $first_day AND (decree.`end` IS NULL OR decree.`end` >= $last_day)
WITH e.code AS exporter, k.code AS commodity, decree.ban_id AS ban, decree.start AS start
MATCH (f:Flow)-[:IMPORTED_BY]->(b:Country|Residual)
WHERE f.source = $source AND f.year = $year AND f.exporter = exporter AND f.commodity = commodity
  AND f.exporter <> f.importer
WITH exporter, commodity, ban, start, b, f.export_value_usd AS export_value_usd,
  f.import_value_usd AS import_value_usd, coalesce(f.import_value_usd, f.export_value_usd, f.value_usd) AS value_usd
WHERE value_usd >= $min_value_usd
RETURN exporter, b.code AS importer, b.name AS importer_name, commodity, value_usd, export_value_usd,
  import_value_usd, ban, start
ORDER BY value_usd DESC, exporter, importer, commodity, ban
LIMIT $limit
