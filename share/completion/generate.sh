#!/bin/sh -eu
# generate.sh BIN DIR -- completion for bash (vr.bash), zsh (_vr) and fish (vr.fish), written into DIR
# from the option tables of the tools in BIN (`vr-x --help-table`: letter, name, kind, argument, own or
# common, help; one option a line, tabs between).
bin=$1 out=$2
mkdir -p "$out"
table=$(mktemp)
trap 'rm -f "$table"' EXIT
tab=$(printf '\t')
for path in "$bin"/vr-*; do
  tool=${path##*/}
  "$path" --help-table | sed -e '/^#/d' -e "s/^/$tool$tab/"
done > "$table"

# words of an option: those that it may take, or nothing
common='
  BEGIN { FS = "\t" }
  function words(  w) { w = $4 == "word" ? $5 : ""; gsub(/\|/, " ", w); return w }
  function takes() { return $4 != "flag" }
  function isfile() { return $4 == "file" || $4 == "text" }
  function plain(s) { gsub(/[\047\\\[\]:"`$]/, "", s); return s }
  !($1 in seen) { seen[$1] = 1; tools[++ntools] = $1 }
'
{
  echo '# bash completion for vr and the tools of vr-tools. Generated from their option tables.'
  awk "$common"'
    {
      o = ($2 != "-" ? "-" $2 " " : "") "--" $3
      opts[$1] = opts[$1] " " o
      if (words() != "") values[$1] = values[$1] sprintf("    %s%s) words=\"%s\" ;;\n",
        ($2 != "-" ? "-" $2 "|" : ""), "--" $3, words())
    }
    END {
      print "_vr()\n{\n  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words= opts="
      print "  local tool=${COMP_WORDS[0]##*/}"
      print "  if [[ $tool == vr ]]; then\n    if ((COMP_CWORD == 1)); then"
      printf "      COMPREPLY=($(compgen -W \""
      for (i = 1; i <= ntools; i++) printf "%s%s", (i > 1 ? " " : ""), substr(tools[i], 4)
      print "\" -- \"$cur\"))\n      return\n    fi\n    tool=vr-${COMP_WORDS[1]}\n  fi"
      print "  case $tool in"
      for (i = 1; i <= ntools; i++) {
        t = tools[i]
        printf "  %s)\n    opts=\"%s\"\n", t, substr(opts[t], 2)
        if (values[t] != "") printf "    case $prev in\n%s    esac\n", values[t]
        print "    ;;"
      }
      print "  esac"
      print "  if [[ $words ]]; then\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))"
      print "  elif [[ $cur == -* ]]; then\n    COMPREPLY=($(compgen -W \"$opts\" -- \"$cur\"))"
      print "  else\n    compopt -o filenames 2>/dev/null\n    COMPREPLY=($(compgen -f -- \"$cur\"))\n  fi\n}"
      printf "complete -F _vr vr"
      for (i = 1; i <= ntools; i++) printf " %s", tools[i]
      print ""
    }' "$table"
} > "$out/vr.bash"
{
  awk "$common"'
    {
      what = plain($7)
      value = !takes() ? "" : words() != "" ? ":word:(" words() ")" : ":" plain($5) ":" (isfile() ? "_files" : " ")
      eq = takes() ? "=" : ""
      spec[$1] = spec[$1] sprintf(" \\\n      \047--%s%s[%s]%s\047", $3, eq, what, value)
      if ($2 != "-")
        spec[$1] = spec[$1] sprintf(" \\\n      \047-%s[%s]%s\047", $2, what, value)
    }
    END {
      printf "#compdef vr"
      for (i = 1; i <= ntools; i++) printf " %s", tools[i]
      print "\n# zsh completion for vr and the tools of vr-tools. Generated from their option tables."
      print "_vr() {\n  local tool=${service:-vr}\n  if [[ $tool == vr ]]; then\n    if (( CURRENT == 2 )); then"
      printf "      compadd --"
      for (i = 1; i <= ntools; i++) printf " %s", substr(tools[i], 4)
      print "\n      return\n    fi\n    tool=vr-$words[2]\n    shift words\n    (( CURRENT-- ))\n  fi\n  case $tool in"
      for (i = 1; i <= ntools; i++)
        printf "  %s)\n    _arguments -s%s \\\n      \047*:file:_files\047\n    ;;\n", tools[i], spec[tools[i]]
      print "  *) _files ;;\n  esac\n}\n_vr \"$@\""
    }' "$table"
} > "$out/_vr"
{
  echo '# fish completion for vr and the tools of vr-tools. Generated from their option tables.'
  awk "$common"'
    function option(tool) {
      return sprintf("%s%s -l %s%s%s -d \047%s\047", tool, ($2 != "-" ? " -s " $2 : ""), $3,
        (isfile() ? " -r" : takes() ? " -x" : ""), (words() != "" ? " -a \047" words() "\047" : ""), plain($7))
    }
    {
      print "complete -c " option($1)
      print "complete -c vr -n \047__fish_seen_subcommand_from " substr($1, 4) "\047 " option("")
    }
    END {
      for (i = 1; i <= ntools; i++)
        printf "complete -c vr -n __fish_use_subcommand -f -a %s\n", substr(tools[i], 4)
    }' "$table"
} > "$out/vr.fish"
