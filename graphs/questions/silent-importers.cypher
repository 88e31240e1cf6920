// Exports that the importer does not declare although it reported
//
// meaning: Flows that the exporter declares and the importer does not, in a year in which the importer did report.
// data: declared
// parameter: commodity | goods | any | Material or six-digit HS code; any for all
// parameter: since | year | | First year
// parameter: until | year | | Last year
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared | Whose figures: declared, or a source by name
// key: exporter, importer, commodity, year
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: importer | text | Code of the importer
// column: importer_name | text | Its name
// column: commodity | text | HS code
// column: year | whole | Calendar year
// column: value_usd | number | What the exporter declares, USD
// column: mass_kg | number? | Net mass that it declares, kg; null where it states none
// caveat: Goods in transit, in bond or booked to another origin are ordinary reasons.
// caveat: A partner that is no country reports nothing, and is left out on the silent side.
// caveat: An exporter may name the country of transit as partner, an importer the country of origin.

MATCH (a:Country|Residual)<-[:EXPORTED_BY]-(f:Flow)-[:IMPORTED_BY]->(b:Country)
WHERE f.source = $source AND ($commodity = "" OR f.family = $commodity OR f.commodity = $commodity)
  AND f.year >= $since AND f.year <= $until AND f.exporter <> f.importer
  AND f.export_value_usd >= $min_value_usd AND f.import_value_usd IS NULL AND f.import_mass_kg IS NULL
  AND f.importer_reported = true
RETURN a.code AS exporter, a.name AS exporter_name, b.code AS importer, b.name AS importer_name,
  f.commodity AS commodity, f.year AS year, f.export_value_usd AS value_usd, f.export_mass_kg AS mass_kg
ORDER BY value_usd DESC, exporter, importer, commodity, year
LIMIT $limit
