# Makes the tables of a data set: what each command cost, then its goals.
#
# usage: awk -F'\t' -v set=a -f report.awk costs.tsv facts.tsv goals
#
# costs.tsv: set, command, wall, client, server, memory in KiB, bytes, trips: a line for each run
# facts.tsv: set, command, statements; goals: as goals() in commands.sh writes them

function median(values, n,    i, j, t) {
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && values[j - 1] > values[j]; j--) {
            t = values[j]; values[j] = values[j - 1]; values[j - 1] = t
        }
    return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
}

# The median of a measure of a command; the list of all stays behind in v, in order.
function cost(command, measure,    i, n) {
    n = runs[command]
    for (i = 1; i <= n; i++) v[i] = costs[command, measure, i]
    return n ? median(v, n) : ""
}

# The ratio of the shortest walls: what is left of noise when the machine has other work too.
function least(command,    i, x) {
    x = costs[command, "wall", 1]
    for (i = 2; i <= runs[command]; i++) if (costs[command, "wall", i] < x) x = costs[command, "wall", i]
    return x
}

function value(command, measure) {
    if (measure == "statements") return (command in statements) ? statements[command] : ""
    return cost(command, measure)
}

FILENAME ~ /costs/ && $1 == set {
    if (!runs[$2]++) order[++commands] = $2
    n = runs[$2]
    costs[$2, "wall", n] = $3 + 0; costs[$2, "client", n] = $4 + 0; costs[$2, "server", n] = $5 + 0
    costs[$2, "memory", n] = $6 / 1024; costs[$2, "size", n] = $7 / 1e6; costs[$2, "trips", n] = $8
}
FILENAME ~ /facts/ && $1 == set { statements[$2] = $3 }
FILENAME ~ /goals/ && $1 == set { goal[++goal_count] = $0 }

END {
    printf "%-24s %8s  %-15s %8s %8s %8s %9s %10s", "command", "wall s", "(least-most)", "user+sys", "server", "memory", "MB out", "statements"
    if (set == "e") printf " %6s", "trips"
    printf "\n"
    for (c = 1; c <= commands; c++) {
        name = order[c]
        wall = cost(name, "wall"); most = v[runs[name]]
        printf "%-24s %8.2f  %-15s %8.2f %8.2f %8.1f %9.1f %10s", name, wall, sprintf("(%.2f-%.2f)", least(name), most),
            cost(name, "client"), cost(name, "server"), cost(name, "memory"), cost(name, "size"),
            (name in statements) ? statements[name] : "-"
        if (set == "e") printf " %6d", cost(name, "trips")
        printf "\n"
    }
    printf "\n%-11s %-22s %-22s %9s %9s %7s %9s %7s\n", "measure", "of", "to that of", "ours", "theirs", "ratio", "by least", "goal"
    for (g = 1; g <= goal_count; g++) {
        split(goal[g], part, FS)
        ours = value(part[3], part[2]); theirs = part[4] == "" ? "" : value(part[4], part[2])
        if (ours == "" || (part[4] != "" && theirs + 0 == 0)) continue
        seen = part[4] == "" ? ours : ours / theirs
        form = part[2] == "statements" || part[2] == "trips" ? "%d" : part[2] == "memory" || part[2] == "size" ? "%.1f" : "%.2f"
        printf "%-11s %-22s %-22s %9s %9s %7s %9s %7s  %s\n", part[2], part[3], part[4] == "" ? "-" : part[4], sprintf(form, ours),
            part[4] == "" ? "-" : sprintf(form, theirs), part[4] == "" ? "-" : sprintf("%.2f", seen),
            part[2] != "wall" ? "-" : sprintf("%.2f", least(part[3]) / least(part[4])), part[5],
            seen <= part[5] ? "OK" : "over"
    }
}
