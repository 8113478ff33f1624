-- Which apps are there, in the order of the product's menu, and what are they called?
CREATE OR REPLACE VIEW apps AS
SELECT menu_order, app, label
FROM (
  VALUES
    (0, 'cumulative', 'Any app')
    {{- range $index, $app := apps}},
    ({{place $index}}, {{literal $app.Name}}, {{literal $app.Label}})
    {{- end}}
) AS list (menu_order, app, label);

COMMENT ON VIEW apps IS 'The apps in the order of the menu.';
COMMENT ON COLUMN apps.menu_order IS 'Where the app stands in the menu.';
COMMENT ON COLUMN apps.app IS 'As in app_activity; cumulative is any app.';
COMMENT ON COLUMN apps.label IS 'What the app is called.';
