// Partners that are no country, and their size
//
// meaning: How much of the trade in goods and years is booked to areas not elsewhere specified, zones, bunkers and groups.
// data: any
// parameter: commodity | goods | any | Material or six-digit HS code; any for all
// parameter: since | year | | First year
// parameter: until | year | | Last year
// parameter: source | source | declared or reconciled | Whose figures: the first of these kinds that is held, or a source by name
// key: residual, stands_as
// column: residual | text | Code of the residual partner
// column: residual_name | text | Its name
// column: kind | text | residual, zone, group or world
// column: stands_as | text | exporter or importer
// column: countries | whole | Countries at the other end
// column: flows | whole | Flows
// column: value_usd | number? | Value, USD; null where no flow states one
// column: share | number? | Part of the value of all flows asked for, 0 to 1
// column: flows_without_value | whole | Flows whose value is unknown
// caveat: `value_usd` is the reconciled value, else what the one side declares.
// caveat: Confidentiality, unknown destination and free zones are ordinary reasons for a residual partner.

MATCH (f:Flow)
WHERE f.source = $source AND ($commodity = "" OR f.family = $commodity OR f.commodity = $commodity)
  AND f.year >= $since AND f.year <= $until AND f.exporter <> f.importer
WITH coalesce(f.value_usd, f.export_value_usd, f.import_value_usd) AS amount
WITH CASE WHEN count(amount) > 0 THEN round(sum(amount), 3) END AS total_usd
MATCH (f:Flow)-[:EXPORTED_BY|IMPORTED_BY]->(x:Residual)
WHERE f.source = $source AND ($commodity = "" OR f.family = $commodity OR f.commodity = $commodity)
  AND f.year >= $since AND f.year <= $until AND f.exporter <> f.importer
WITH total_usd, x.code AS residual, x.name AS residual_name, x.kind AS kind,
  CASE WHEN f.exporter = x.code THEN "exporter" ELSE "importer" END AS stands_as,
  CASE WHEN f.exporter = x.code THEN f.importer ELSE f.exporter END AS other,
  coalesce(f.value_usd, f.export_value_usd, f.import_value_usd) AS amount
WITH total_usd, residual, residual_name, kind, stands_as, count(DISTINCT other) AS countries, count(*) AS flows,
  CASE WHEN count(amount) > 0 THEN round(sum(amount), 3) END AS value_usd,
  count(*) - count(amount) AS flows_without_value
RETURN residual, residual_name, kind, stands_as, countries, flows, value_usd,
  CASE WHEN total_usd > 0 THEN value_usd / total_usd END AS share, flows_without_value
ORDER BY value_usd IS NULL, value_usd DESC, residual, stands_as
