// Exporters whose partners declare more than they do
//
// meaning: Exporters that declare less than their partners do for the same flows: the flows that both sides declare, added up.
// data: declared
// parameter: commodity | goods | | Material, e.g. nickel, or a six-digit HS code
// parameter: since | year | | First year
// parameter: until | year | | Last year
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared | Whose figures: declared, or a source by name
// key: exporter
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: flows | whole | Flows that both sides declare
// column: partners | whole | Importers concerned
// column: declared_usd | number | What the exporter declares, USD
// column: partners_usd | number | What its partners declare, USD
// column: gap_usd | number | Difference, USD
// column: ratio | number? | Partners by exporter; null where the exporter declares 0
// caveat: Importers usually value at CIF, exporters at FOB: a few percent of difference are ordinary.
// caveat: An exporter may name the country of transit as partner, an importer the country of origin.
// caveat: Flows that only one side declares are questions of their own: silent-exporters, absent-exporters.

MATCH (f:Flow)-[:EXPORTED_BY]->(a:Country|Residual)
WHERE f.source = $source AND (f.family = $commodity OR f.commodity = $commodity) AND f.year >= $since
  AND f.year <= $until AND f.exporter <> f.importer
  AND f.export_value_usd IS NOT NULL AND f.import_value_usd IS NOT NULL
WITH a.code AS exporter, a.name AS exporter_name, count(*) AS flows, count(DISTINCT f.importer) AS partners,
  CASE WHEN count(f.export_value_usd) > 0 THEN round(sum(f.export_value_usd), 3) END AS declared_usd,
  CASE WHEN count(f.import_value_usd) > 0 THEN round(sum(f.import_value_usd), 3) END AS partners_usd
WITH exporter, exporter_name, flows, partners, declared_usd, partners_usd,
  round(partners_usd - declared_usd, 3) AS gap_usd
WHERE gap_usd > 0 AND gap_usd >= $min_value_usd
RETURN exporter, exporter_name, flows, partners, declared_usd, partners_usd, gap_usd,
  CASE WHEN declared_usd > 0 THEN partners_usd / declared_usd END AS ratio
ORDER BY gap_usd DESC, exporter
LIMIT $limit
