// What an office and its partners declare
//
// meaning: An office beside each of its partners, as exporter and as importer: flows that both sides declare, added up.
// data: declared
// parameter: country | area | | Country or area
// parameter: commodity | goods | any | Material or six-digit HS code; any for all
// parameter: since | year | | First year
// parameter: until | year | | Last year
// parameter: min_value_usd | number | 0 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared | Whose figures: declared, or a source by name
// key: partner, office_is
// column: partner | text | Code of the partner
// column: office_is | text | Side on which the office stands: exporter or importer
// column: flows | whole | Flows that both sides declare
// column: office_usd | number | What the office declares, USD
// column: partner_usd | number | What the partner declares, USD
// column: gap_usd | number | Partner less office, USD
// column: distance_usd | number | The same without its sign, USD
// caveat: Importers usually value at CIF, exporters at FOB: a few percent of difference are ordinary.
// caveat: An exporter may name the country of transit as partner, an importer the country of origin.

MATCH (f:Flow)
WHERE f.source = $source AND ($commodity = "" OR f.family = $commodity OR f.commodity = $commodity)
  AND f.year >= $since AND f.year <= $until
  AND f.exporter <> f.importer AND (f.exporter = $country OR f.importer = $country)
  AND f.export_value_usd IS NOT NULL AND f.import_value_usd IS NOT NULL
WITH CASE WHEN f.exporter = $country THEN f.importer ELSE f.exporter END AS partner,
  CASE WHEN f.exporter = $country THEN "exporter" ELSE "importer" END AS office_is,
  CASE WHEN f.exporter = $country THEN f.export_value_usd ELSE f.import_value_usd END AS own,
  CASE WHEN f.exporter = $country THEN f.import_value_usd ELSE f.export_value_usd END AS their
WITH partner, office_is, count(*) AS flows, CASE WHEN count(own) > 0 THEN round(sum(own), 3) END AS office_usd,
  CASE WHEN count(their) > 0 THEN round(sum(their), 3) END AS partner_usd
WITH partner, office_is, flows, office_usd, partner_usd, round(partner_usd - office_usd, 3) AS gap_usd
WHERE abs(gap_usd) >= $min_value_usd
RETURN partner, office_is, flows, office_usd, partner_usd, gap_usd, abs(gap_usd) AS distance_usd
ORDER BY distance_usd DESC, partner, office_is
LIMIT $limit
