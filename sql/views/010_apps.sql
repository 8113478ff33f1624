-- Which apps are there, in the order of the product's menu, and what are they called?
CREATE OR REPLACE VIEW apps AS
SELECT menu_order, app, label
FROM (
  VALUES
    (0, 'cumulative', 'Any app'),
    (1, 'word', 'Word'),
    (2, 'excel', 'Excel'),
    (3, 'powerpoint', 'PowerPoint'),
    (4, 'onenote', 'OneNote'),
    (5, 'teams_app', 'Teams (app)'),
    (6, 'outlook_app', 'Outlook (app)'),
    (7, 'yammer', 'Yammer (Viva Engage)'),
    (8, 'skype_for_business', 'Skype for Business'),
    (9, 'onedrive', 'OneDrive'),
    (10, 'sharepoint', 'SharePoint'),
    (11, 'microsoft_teams', 'Microsoft Teams'),
    (12, 'exchange', 'Exchange'),
    (13, 'copilot', 'Microsoft 365 Copilot')
) AS list (menu_order, app, label);

COMMENT ON VIEW apps IS 'The apps in the order of the menu.';
COMMENT ON COLUMN apps.menu_order IS 'Where the app stands in the menu.';
COMMENT ON COLUMN apps.app IS 'As in app_activity; cumulative is any app.';
COMMENT ON COLUMN apps.label IS 'What the app is called.';
