-- Which of these files have been run on this control database?
CREATE TABLE control_version (
  version INTEGER NOT NULL CHECK (version > 0)
);
COMMENT ON TABLE control_version IS
  'How far this control database is built. Kept by the program: m365lake provision init.';
COMMENT ON COLUMN control_version.version IS 'Number of the last step that was taken.';
