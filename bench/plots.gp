# Draws what bench/held.c prints: gnuplot -e "data='held.txt'; folder='docs'" bench/plots.gp
set terminal svg size 640,360 font "sans-serif,13" background rgb "white"
set xlabel "memory that the caller holds (MiB)"
set key left top
set grid lc rgb "#dddddd"
set style data linespoints
set style line 1 lc rgb "#c0392b" lw 2 pt 7 ps 0.6
set style line 2 lc rgb "#e08e0b" lw 2 pt 5 ps 0.6
set style line 3 lc rgb "#2471a3" lw 2 pt 9 ps 0.8

set output folder."/start-peak.svg"
set title "Peak memory reported for /bin/true"
set ylabel "MiB"
plot data using 1:3 ls 1 title "fork and exec, wait4", data using 1:5 ls 2 title "posix\\_spawn, wait4", \
    data using 1:7 ls 3 title "rresource"

set output folder."/start-time.svg"
set title "Time to run /bin/true"
set ylabel "ms"
set logscale y
set key right center
plot data using 1:2 ls 1 title "fork and exec", data using 1:4 ls 2 title "posix\\_spawn", \
    data using 1:6 ls 3 title "rresource"
