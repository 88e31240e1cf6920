// Both declarations of a pair
//
// meaning: What each side declares for a pair, by code and year, side by side.
// data: declared
// parameter: exporter | area | | Exporter
// parameter: importer | area | | Importer
// parameter: commodity | goods | any | Material or six-digit HS code; any for all
// parameter: since | year | | First year
// parameter: until | year | | Last year
// parameter: source | source | declared | Whose figures: declared, or a source by name
// key: commodity, year
// column: commodity | text | HS code
// column: year | whole | Calendar year
// column: exporter_reported | flag? | Whether the exporter reported that year
// column: importer_reported | flag? | Whether the importer reported that year
// column: export_value_usd | number? | What the exporter declares, USD; null where it declares none
// column: import_value_usd | number? | What the importer declares, USD
// column: export_mass_kg | number? | Net mass that the exporter declares, kg
// column: import_mass_kg | number? | Net mass that the importer declares, kg
// column: is_export_mass_estimated | flag? | Null where the source does not say
// column: is_import_mass_estimated | flag? | Null where the source does not say
// caveat: Importers usually value at CIF, exporters at FOB: a few percent of difference are ordinary.
// caveat: An exporter may name the country of transit as partner, an importer the country of origin.

MATCH (f:Flow)
WHERE f.source = $source AND f.exporter = $exporter AND f.importer = $importer
  AND ($commodity = "" OR f.family = $commodity OR f.commodity = $commodity)
  AND f.year >= $since AND f.year <= $until
OPTIONAL MATCH (f)-[x:DECLARED_BY]->(:Country)
WHERE x.side = "export"
OPTIONAL MATCH (f)-[y:DECLARED_BY]->(:Country)
WHERE y.side = "import"
RETURN f.commodity AS commodity, f.year AS year, f.exporter_reported AS exporter_reported,
  f.importer_reported AS importer_reported, f.export_value_usd AS export_value_usd,
  f.import_value_usd AS import_value_usd, f.export_mass_kg AS export_mass_kg, f.import_mass_kg AS import_mass_kg,
  x.is_mass_estimated AS is_export_mass_estimated, y.is_mass_estimated AS is_import_mass_estimated
ORDER BY commodity, year
