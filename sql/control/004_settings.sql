-- How much may a plan do, and who must agree?
CREATE TABLE settings (
  setting VARCHAR PRIMARY KEY CHECK (trim(setting) <> ''),
  value VARCHAR NOT NULL CHECK (trim(value) <> ''),
  meaning VARCHAR NOT NULL
);
COMMENT ON TABLE settings IS
  'The rules of provisioning. Change one with UPDATE settings SET value = ''50'' WHERE setting = ''max_actions''. A '
  'wrong value stops every plan until it is corrected.';
COMMENT ON COLUMN settings.setting IS 'Name of the setting.';
COMMENT ON COLUMN settings.value IS 'Its value.';
COMMENT ON COLUMN settings.meaning IS 'What it does, and what it may be.';
