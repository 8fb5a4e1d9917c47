package org.millwright.app.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows under headers as lines of text. Where they are wider than the terminal, columns without any value are left out, then
 * long texts go over several lines between words; where that does not help, each row becomes a list of its values.
 */
final class TableText {
    private static final int GAP = 2;
    private static final int NARROWEST = 16;

    private final List<String> headers;
    private final List<List<String>> rows;
    private final int width;

    private TableText(List<String> headers, List<List<String>> rows, int width) {
        this.headers = headers;
        this.rows = rows;
        this.width = width;
    }

    /** @param width columns of the terminal; 0 when nobody reads it there, then every row is one line */
    static List<String> lines(List<String> headers, List<List<String>> rows, int width) {
        if (rows.isEmpty()) {
            return List.of();
        }
        var whole = new TableText(headers, rows, width);
        if (width <= 0 || whole.total(whole.widths()) <= width) {
            return whole.table(whole.widths());
        }
        TableText told = whole.withoutEmpty();
        int[] narrow = told.narrowed();
        return told.total(narrow) <= width ? told.table(narrow) : told.list();
    }

    private int[] widths() {
        return IntStream.range(0, headers.size())
                .map(c -> Math.max(
                        headers.get(c).length(),
                        rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0)))
                .toArray();
    }

    private int total(int[] widths) {
        return Arrays.stream(widths).sum() + GAP * Math.max(0, widths.length - 1);
    }

    private TableText withoutEmpty() {
        int[] kept = IntStream.range(0, headers.size())
                .filter(c -> rows.stream().anyMatch(row -> !row.get(c).isEmpty()))
                .toArray();
        return new TableText(
                pick(headers, kept), rows.stream().map(row -> pick(row, kept)).toList(), width);
    }

    private static List<String> pick(List<String> row, int[] kept) {
        return Arrays.stream(kept).mapToObj(row::get).toList();
    }

    /** Takes from the widest column until all fit, down to its longest word. */
    private int[] narrowed() {
        int[] widths = widths();
        int[] least = IntStream.range(0, widths.length).map(this::least).toArray();
        while (total(widths) > width) {
            int widest = IntStream.range(0, widths.length)
                    .filter(c -> widths[c] > least[c])
                    .reduce((a, b) -> widths[b] > widths[a] ? b : a)
                    .orElse(-1);
            if (widest < 0) {
                return widths;
            }
            widths[widest]--;
        }
        return widths;
    }

    private int least(int column) {
        int word = rows.stream()
                .flatMap(row -> Arrays.stream(row.get(column).split(" ")))
                .mapToInt(String::length)
                .max()
                .orElse(0);
        return Math.max(Math.max(word, headers.get(column).length()), Math.min(NARROWEST, widths()[column]));
    }

    private List<String> table(int[] widths) {
        boolean[] numeric = new boolean[widths.length];
        for (int c = 0; c < widths.length; c++) {
            int column = c;
            numeric[c] = rows.stream()
                    .map(row -> row.get(column))
                    .allMatch(cell -> cell.isEmpty() || cell.matches("[-+−]?[0-9][0-9,.]*( ?%)?"));
        }
        var lines = new ArrayList<String>();
        lines.addAll(row(headers, widths, numeric));
        rows.forEach(row -> lines.addAll(row(row, widths, numeric)));
        return lines;
    }

    private static List<String> row(List<String> cells, int[] widths, boolean[] numeric) {
        List<List<String>> parts = IntStream.range(0, widths.length)
                .mapToObj(c -> folded(cells.get(c), widths[c]))
                .toList();
        int height = parts.stream().mapToInt(List::size).max().orElse(1);
        var lines = new ArrayList<String>();
        for (int line = 0; line < height; line++) {
            var text = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String part = line < parts.get(c).size() ? parts.get(c).get(line) : "";
                text.append(pad(part, widths[c], numeric[c])).append(c + 1 < widths.length ? " ".repeat(GAP) : "");
            }
            lines.add(text.toString().stripTrailing());
        }
        return lines;
    }

    /** The text in lines of at most so many characters, broken between words. */
    private static List<String> folded(String text, int width) {
        if (text.length() <= width) {
            return List.of(text);
        }
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** Each row as headers with their values, rows apart. */
    private List<String> list() {
        int wide = headers.stream().mapToInt(String::length).max().orElse(0);
        int room = Math.max(NARROWEST, width - wide - GAP);
        var lines = new ArrayList<String>();
        for (List<String> row : rows) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            for (int c = 0; c < row.size(); c++) {
                if (!row.get(c).isEmpty()) {
                    String head = pad(headers.get(c), wide, false);
                    for (String part : folded(row.get(c), room)) {
                        lines.add(head + " ".repeat(GAP) + part);
                        head = " ".repeat(wide);
                    }
                }
            }
        }
        return lines;
    }

    static String pad(String text, int width, boolean right) {
        String room = " ".repeat(Math.max(0, width - text.length()));
        return right ? room + text : text + room;
    }
}
