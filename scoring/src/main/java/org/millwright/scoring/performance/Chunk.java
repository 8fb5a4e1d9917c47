package org.millwright.scoring.performance;

import java.util.ArrayList;
import java.util.List;

/** Rows {@code from} to before {@code to}, in the order of time. */
public record Chunk(int from, int to) {
    public int rows() {
        return to - from;
    }

    /** As many chunks of equal size; rows that remain join the last one, as a chunk of a few rows says nothing. */
    public static List<Chunk> merged(int rows, int chunks) {
        List<Chunk> all = new ArrayList<>(withRest(rows, chunks));
        if (all.size() > chunks) {
            Chunk rest = all.remove(chunks);
            all.set(chunks - 1, new Chunk(all.get(chunks - 1).from(), rest.to()));
        }
        return all;
    }

    /** Chunks of so many rows; those that remain join the last one. */
    public static List<Chunk> ofSize(int rows, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("size: " + size + " (expected: 1 or more)");
        }
        List<Chunk> all = new ArrayList<>();
        int chunks = Math.max(1, rows / size);
        for (int i = 0; i < chunks && rows > 0; i++) {
            all.add(new Chunk(i * size, i + 1 < chunks ? (i + 1) * size : rows));
        }
        return all;
    }

    /** As many chunks of equal size; rows that remain are one more, as in NannyML. */
    public static List<Chunk> withRest(int rows, int chunks) {
        if (chunks < 1) {
            throw new IllegalArgumentException("chunks: " + chunks + " (expected: 1 or more)");
        }
        List<Chunk> all = new ArrayList<>();
        int size = rows / chunks;
        for (int i = 0; i < chunks && size > 0; i++) {
            all.add(new Chunk(i * size, (i + 1) * size));
        }
        if (size * chunks < rows) {
            all.add(new Chunk(size * chunks, rows));
        }
        return all;
    }
}
