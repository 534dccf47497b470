#!/usr/bin/env bash
# Re-creates the vendored assets of ui: KERN's tokens, the Fira Sans subset, their licences.
#
#   tools/vendor_kern.sh            (needs npm, python3 and the network; installing the product needs none of them)
#
# KERN whole is 340 kB (33 kB compressed), most of it icons and components our pages do not show. So only its custom
# properties are taken, and of these only the ones our own stylesheet names, with everything they rest on: a page of
# the Wegweiser then loads under 1 kB of KERN. A token newly used in site.css comes in by running this again.
#
# The font is cut to Latin with German, Turkish and Polish letters; Cyrillic falls back to the reader's own fonts.
set -euo pipefail

KERN=2.7.2
FIRA_LICENCE=5.3.0 # @fontsource/fira-sans: only its copy of the OFL is used
root=$(cd "$(dirname "$0")/.." && pwd)
ui=$root/src/kontaktstelle/ui/static/ui
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm pack --silent "@kern-ux/native@$KERN" >/dev/null
mkdir kern && tar xzf kern-ux-native-*.tgz -C kern --strip-components=1
npm pack --silent "@fontsource/fira-sans@$FIRA_LICENCE" >/dev/null
mkdir fira && tar xzf fontsource-fira-sans-*.tgz -C fira --strip-components=1

mkdir -p "$ui/fonts"
python3 - "$work/kern/dist/kern.css" "$ui/site.css" "$KERN" >"$ui/kern.css" <<'PYTHON'
"""Print the custom properties of KERN that a stylesheet uses, with all they rest on."""
import re
import sys
from pathlib import Path

source = Path(sys.argv[1]).read_text(encoding="utf-8")
source = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
narrow: dict[str, str] = {}
wide: dict[str, str] = {}
for block in re.finditer(r"(@media \(min-width: 768px\) \{\s*)?:root\s*\{([^}]*)\}", source):
    kept = wide if block[1] else narrow
    for name, value in re.findall(r"(--kern-[\w-]+):\s*([^;]+);", block[2]):
        # KERN sets colours of both themes on :root by preference; we bring our own and take its fixed scales only.
        kept.setdefault(name, " ".join(value.split()))
needed: dict[str, None] = {}
waiting = re.findall(r"var\((--kern-[\w-]+)", Path(sys.argv[2]).read_text(encoding="utf-8"))
while waiting:
    name = waiting.pop(0)
    if name in needed:
        continue
    if name not in narrow:
        sys.exit(f"KERN does not know {name}")
    needed[name] = None
    for value in (narrow[name], wide.get(name, "")):
        waiting += re.findall(r"var\((--kern-[\w-]+)", value)
print(f"/* Tokens of KERN {sys.argv[3]} (@kern-ux/native), EUPL-1.2, see kern.LICENSE.md. Made by tools/vendor_kern.sh. */")
print(":root {")
print("\n".join(f"  {name}: {narrow[name]};" for name in sorted(needed)))
print("}")
changed = {name: wide[name] for name in sorted(needed) if name in wide}
if changed:
    print("@media (min-width: 768px) {\n  :root {")
    print("\n".join(f"    {name}: {value};" for name, value in changed.items()))
    print("  }\n}")
PYTHON
cp kern/LICENSE.md "$ui/kern.LICENSE.md"

python3 -m venv tools
tools/bin/pip install --quiet "fonttools==4.60.1" "brotli"
letters="U+0020-007E,U+00A0,U+00A7-00A9,U+00AB,U+00AD,U+00B0,U+00B2,U+00B3,U+00B7,U+00BB,U+00BD,U+00C0-00FF"
letters+=",U+0104-0107,U+0118,U+0119,U+011E,U+011F,U+0130,U+0131,U+0141-0144,U+0152,U+0153,U+015A,U+015B,U+015E,U+015F,U+0160,U+0161,U+0179-017E"
letters+=",U+1E9E,U+2013,U+2014,U+2018-201E,U+2022,U+2026,U+202F,U+2039,U+203A,U+20AC,U+2190,U+2192,U+2212"
for pair in Regular:regular SemiBold:bold; do
  tools/bin/pyftsubset "kern/dist/fonts/fira-sans/FiraSans-${pair%%:*}.woff2" --unicodes="$letters" --flavor=woff2 \
    --layout-features=kern,liga,locl,lnum,tnum,mark,ccmp --no-hinting --desubroutinize \
    --output-file="$ui/fonts/fira-sans-${pair##*:}.woff2"
done
cp fira/LICENSE "$ui/fonts/OFL.txt"

# For printed things (typst reads no woff2): also Cyrillic and all of Latin Extended-A.
print=$root/src/kontaktstelle/ui/fonts
mkdir -p "$print"
for pair in Regular:regular SemiBold:bold; do
  tools/bin/pyftsubset "kern/dist/fonts/fira-sans/FiraSans-${pair%%:*}.woff2" --unicodes="U+0020-017F,U+0400-045F,U+0490,U+0491,U+25CB,U+25CF,$letters" --flavor= \
    --layout-features=kern,liga,locl,lnum,tnum,mark,ccmp --output-file="$print/fira-sans-${pair##*:}.ttf"
done
cp fira/LICENSE "$print/OFL.txt"
ls -l "$ui" "$ui/fonts" "$print"
