#!/usr/bin/env bash
# A reference: the workload as a shell script makes it with espeak-ng and ffmpeg.
#
#     bash bench/reference_ffmpeg.sh PLAIN OUT
#
# Each segment is spoken to a file, jingle, stings, speech and outro are joined, the bed is ducked
# by the speech itself (sidechain), loudness is set by loudnorm in two passes, and ffmpeg codes MP3
# at 64 kbit/s and Opus at 24 kbit/s with chapters. A feed for each language and a ZIP besides.
set -euo pipefail
plain=$(realpath "$1")
mkdir "$2"
out=$(realpath "$2")
rate=48000
pause=0.5

run_ffmpeg() {
    ffmpeg -nostdin -y -v error "$@"
}

seconds() {
    ffprobe -v error -show_entries format=duration -of csv=p=0 "$1"
}

add() { # seconds, seconds
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.6f", a + b }'
}

milliseconds() {
    awk -v a="$1" 'BEGIN { printf "%d", a * 1000 }'
}

# What one pass of loudnorm read, by name.
read_value() { # name, file
    sed -n "s/.*\"$1\" : \"\(.*\)\".*/\1/p" "$2"
}

make_language() { # language, voice
    local language=$1 voice=$2 work=$out/work-$1 at length text stem bed
    mkdir "$work"
    for stem in jingle sting outro; do
        run_ffmpeg -i "$plain/sounds/$stem.wav" -ac 1 -ar $rate "$work/$stem.wav"
    done
    run_ffmpeg -f lavfi -i "anullsrc=r=$rate:cl=mono" -t $pause "$work/pause.wav"
    printf ';FFMETADATA1\ntitle=Notices, one (%s)\n' "$language" >"$work/chapters"
    echo "file jingle.wav" >"$work/list"
    at=$(seconds "$work/jingle.wav")
    bed=$at
    for text in "$plain/texts/$language"/*.txt; do
        stem=$(basename "$text" .txt)
        espeak-ng -v "$voice" -s 150 -f "$text" -w "$work/spoken.wav"
        run_ffmpeg -i "$work/spoken.wav" -ar $rate "$work/$stem.wav"
        printf 'file %s.wav\n' pause sting pause "$stem" >>"$work/list"
        at=$(add "$at" "$(add 1 "$(seconds "$work/sting.wav")")")
        length=$(seconds "$work/$stem.wav")
        printf '[CHAPTER]\nTIMEBASE=1/1000\nSTART=%d\nEND=%d\ntitle=%s\n' \
            "$(milliseconds "$at")" "$(milliseconds "$(add "$at" "$length")")" "$stem" \
            >>"$work/chapters"
        at=$(add "$at" "$length")
    done
    printf 'file pause.wav\nfile outro.wav\n' >>"$work/list"
    run_ffmpeg -f concat -safe 0 -i "$work/list" -c copy "$work/speech.wav"
    length=$(awk -v a="$at" -v b="$bed" 'BEGIN { printf "%.6f", a - b + 0.5 }')
    run_ffmpeg -i "$work/speech.wav" -stream_loop -1 -i "$plain/sounds/bed.wav" -filter_complex \
        "[1:a]aformat=channel_layouts=mono,atrim=duration=$length,volume=-6dB,adelay=$(milliseconds "$bed"):all=1,apad[b];
         [0:a]asplit[v][k];
         [b][k]sidechaincompress=threshold=0.02:ratio=8:attack=50:release=400[d];
         [v][d]amix=inputs=2:duration=first:normalize=0[o]" \
        -map "[o]" "$work/mix.wav"
    local aim="I=-16:TP=-1.5:LRA=11"
    ffmpeg -nostdin -hide_banner -nostats -i "$work/mix.wav" \
        -af "loudnorm=$aim:print_format=json" -f null - 2>"$work/read"
    aim+=":measured_I=$(read_value input_i "$work/read")"
    aim+=":measured_TP=$(read_value input_tp "$work/read")"
    aim+=":measured_LRA=$(read_value input_lra "$work/read")"
    aim+=":measured_thresh=$(read_value input_thresh "$work/read")"
    aim+=":offset=$(read_value target_offset "$work/read"):linear=true"
    run_ffmpeg -i "$work/mix.wav" -af "loudnorm=$aim" -ar $rate "$work/master.wav"
    local from=(-i "$work/master.wav" -i "$work/chapters" -map_metadata 1 -map_chapters 1 -map 0:a)
    run_ffmpeg "${from[@]}" -c:a libmp3lame -b:a 64k "$out/$language.mp3"
    run_ffmpeg "${from[@]}" -c:a libopus -b:a 24k "$out/$language.opus"
    cat >"$out/$language.xml" <<FEED
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Notices</title>
<link>https://bench.example.org/$language</link><description>Notices</description>
<item><title>Notices, one</title><guid isPermaLink="false">$language-1</guid>
<enclosure url="https://bench.example.org/$language.mp3" type="audio/mpeg"
 length="$(wc -c <"$out/$language.mp3")"/></item></channel></rss>
FEED
}

for texts in "$plain"/texts/*; do
    language=$(basename "$texts")
    voice=$(sed -n "s/.*\"$language\": \"\([^\"]*\)\".*/\1/p" "$plain/languages.json")
    make_language "$language" "$voice"
done
cd "$out"
zip -q pack.zip ./*.mp3 ./*.opus ./*.xml
