-- What made this warehouse, and which lake files does it hold?
CREATE SCHEMA m365lake;
CREATE TABLE m365lake.meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL);
CREATE TABLE m365lake.partitions (
  table_name VARCHAR NOT NULL,
  tenant_id VARCHAR NOT NULL,
  path VARCHAR NOT NULL,
  size BIGINT NOT NULL,
  modified_ns BIGINT NOT NULL,
  rows BIGINT NOT NULL,
  checksum BIGINT NOT NULL
);
COMMENT ON TABLE m365lake.meta IS 'What made this warehouse.';
COMMENT ON TABLE m365lake.partitions IS 'The lake files whose rows this warehouse holds.';
