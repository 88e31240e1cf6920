// Exporters that many partners exceed
//
// meaning: Exporters of which a large part of the partners declares more than so many times what the exporter does: a habit of the office rather than of one pair.
// data: declared
// parameter: commodity | goods | | Material, e.g. nickel, or a six-digit HS code
// parameter: since | year | | First year
// parameter: until | year | | Last year
// parameter: factor | number | 1.5 | How many times the exporter's figure counts as above it
// parameter: min_partners | whole | 3 | Fewest partners compared
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared | Whose figures: declared, or a source by name
// key: exporter
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: partners | whole | Importers whose declarations can be compared
// column: partners_above | whole | Of these, with more than the factor
// column: partners_below | whole | Of these, with less than its inverse
// column: share_above | number | Part above, 0 to 1
// column: declared_usd | number | What the exporter declares, USD
// column: partners_usd | number | What its partners declare, USD
// caveat: Importers usually value at CIF, exporters at FOB: a few percent of difference are ordinary.
// caveat: An exporter may name the country of transit as partner, an importer the country of origin.
// caveat: A habit is no change: it often follows from codes, thresholds or valuation.

MATCH (f:Flow)-[:EXPORTED_BY]->(a:Country|Residual)
WHERE f.source = $source AND (f.family = $commodity OR f.commodity = $commodity) AND f.year >= $since
  AND f.year <= $until AND f.exporter <> f.importer
  AND f.export_value_usd > 0 AND f.import_value_usd > 0
WITH a.code AS exporter, a.name AS exporter_name, f.importer AS partner,
  CASE WHEN count(f.export_value_usd) > 0 THEN round(sum(f.export_value_usd), 3) END AS own,
  CASE WHEN count(f.import_value_usd) > 0 THEN round(sum(f.import_value_usd), 3) END AS their
WITH exporter, exporter_name, count(*) AS partners, count(CASE WHEN their > own * $factor THEN 1 END) AS partners_above,
  count(CASE WHEN their * $factor < own THEN 1 END) AS partners_below,
  CASE WHEN count(own) > 0 THEN round(sum(own), 3) END AS declared_usd,
  CASE WHEN count(their) > 0 THEN round(sum(their), 3) END AS partners_usd
WHERE partners >= $min_partners AND partners_above > 0
RETURN exporter, exporter_name, partners, partners_above, partners_below,
  partners_above * 1.0 / partners AS share_above, declared_usd, partners_usd
ORDER BY share_above DESC, partners_above DESC, exporter
LIMIT $limit
