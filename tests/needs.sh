#!/usr/bin/env bash
# What the tests need beyond Python packages: Chromium, Java (HTML checker), axe-core and vnu from npm.
# Installs where it may, and says clearly what is missing where it may not.
set -u
cd "$(dirname "$0")/.."
missing=()
want() { command -v "$1" >/dev/null 2>&1; }
packages=()
want chromium || packages+=(chromium)
want java || packages+=(default-jre-headless)
want npm || packages+=(npm)
want git || packages+=(git)
if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && want apt-get; then
    echo "Debian-Pakete für die Tests: ${packages[*]}"
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}") >/tmp/kontaktstelle-apt.log 2>&1 || tail -n 5 /tmp/kontaktstelle-apt.log
  fi
  for package in "${packages[@]}"; do
    case $package in default-jre-headless) program=java ;; *) program=$package ;; esac
    want "$program" || missing+=("$package")
  done
fi
if want npm && [ ! -f tests/browser/node_modules/axe-core/axe.min.js ]; then
  (cd tests/browser && npm ci --silent --no-audit --no-fund) || missing+=("npm: axe-core, vnu-jar")
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "Für die Tests fehlen: ${missing[*]}"
  echo "Bitte installieren, z. B.: sudo apt-get install chromium default-jre-headless npm"
  exit 1
fi
