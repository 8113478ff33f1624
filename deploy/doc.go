// Package deploy has the files that run m365lake every night, and the tests that hold them to what
// systemd, Kubernetes, Docker and cron understand and to what the program does.
package deploy
