package org.millwright.serving;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.millwright.dataset.TableEngine;
import org.millwright.kernel.Ids;
import org.millwright.project.RequestSampling;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Signature;
import org.millwright.scoring.Vector;

/** The Parquet files of logged requests: a folder for each deployment, in it one for each version. */
final class LogFiles {
    private static final DateTimeFormatter NAMES =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String ENDING = ".parquet";

    private final Path folder;
    private final TableEngine tables;
    private final Ids ids;
    private final Path keyFile;
    private @Nullable Redaction redaction;

    LogFiles(Path folder, Path keyFile, TableEngine tables, Ids ids) {
        this.folder = folder;
        this.keyFile = keyFile;
        this.tables = tables;
        this.ids = ids;
    }

    /** Whether there is any. */
    boolean exist() {
        return Files.isDirectory(folder);
    }

    /** The columns to redact that the version does not know: most likely typing errors. */
    static List<String> unknown(LoggedRequest request) {
        Signature signature = request.signature();
        return request.sampling().redact().stream()
                .filter(name ->
                        signature.position(name) < 0 && request.predictions().position(name) < 0)
                .sorted()
                .toList();
    }

    /** Writes requests that one version answered as one file, which is visible when it is whole. */
    void write(List<LoggedRequest> requests, long now) throws IOException {
        LoggedRequest first = requests.getFirst();
        Path target = of(first.deployment()).resolve(safe(first.version()));
        Files.createDirectories(target);
        String name =
                NAMES.format(Instant.ofEpochMilli(now)) + "-" + ids.random().substring(0, 8);
        Path part = target.resolve(name + ".part");
        try (var writer = tables.writer(part)) {
            for (LoggedRequest request : requests) {
                writer.append(frame(request));
            }
            writer.finish();
            Files.setLastModifiedTime(part, FileTime.fromMillis(now));
            Files.move(part, target.resolve(name + ENDING), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Frame frame(LoggedRequest request) {
        int rows = request.inputs().rows();
        var times = new long[rows];
        Arrays.fill(times, request.at());
        var numbers = new long[rows];
        Arrays.setAll(numbers, row -> row);
        var all = Frame.of(rows)
                .longs("time_ms", times)
                .strings("version", same(request.version(), rows))
                .strings("request_id", same(request.requestId(), rows))
                .longs("row", numbers);
        for (Signature.Column column : request.signature().inputs()) {
            int at = request.inputs().position(column.name());
            Vector values =
                    at < 0 ? missing(column.type(), rows) : request.inputs().column(at);
            DataType type = at < 0 ? column.type() : request.inputs().type(at);
            add(all, "input_", column.name(), type, values, request.sampling());
        }
        Frame predictions = request.predictions();
        for (int i = 0; i < predictions.width(); i++) {
            add(all, "output_", predictions.name(i), predictions.type(i), predictions.column(i), request.sampling());
        }
        return all.build();
    }

    private void add(
            Frame.Builder all, String prefix, String name, DataType type, Vector values, RequestSampling sampling) {
        boolean redacted = sampling.redact().contains(name);
        all.column(
                prefix + name,
                redacted ? DataType.STRING : type,
                redacted ? redaction().hash(values) : values);
    }

    private Redaction redaction() {
        if (redaction == null) {
            redaction = new Redaction(keyFile);
        }
        return redaction;
    }

    private static String[] same(String value, int rows) {
        var values = new String[rows];
        Arrays.fill(values, value);
        return values;
    }

    private static Vector missing(DataType type, int rows) {
        var all = new BitSet(rows);
        all.set(0, rows);
        return switch (type) {
            case DOUBLE, FLOAT -> {
                var unknown = new double[rows];
                Arrays.fill(unknown, Double.NaN);
                yield new Vector.Doubles(unknown, all);
            }
            case LONG, INTEGER -> new Vector.Longs(new long[rows], all);
            case BOOLEAN -> new Vector.Booleans(new boolean[rows], all);
            case STRING -> new Vector.Strings(new @Nullable String[rows]);
        };
    }

    /** Deletes a deployment's files that are too old, and the oldest of those that are too large together. */
    void prune(String deployment, Duration keep, int megabytes, long now) throws IOException {
        List<Path> files = files(deployment);
        long left = megabytes * 1_000_000L;
        for (Path file : files) {
            left -= Files.size(file);
            long age = now - Files.getLastModifiedTime(file).toMillis();
            if (left < 0 || age > keep.toMillis()) {
                Files.delete(file);
            }
        }
    }

    /** The whole files of a deployment, newest first. */
    List<Path> files(String deployment) throws IOException {
        Path of = of(deployment);
        if (!Files.isDirectory(of)) {
            return List.of();
        }
        var files = new ArrayList<Path>();
        try (Stream<Path> all = Files.walk(of)) {
            all.filter(file -> file.toString().endsWith(ENDING)).forEach(files::add);
        }
        files.sort(Comparator.comparing((Path file) -> file.getFileName().toString())
                .reversed());
        return files;
    }

    private Path of(String deployment) {
        return folder.resolve(safe(deployment));
    }

    /** A name as the name of one folder. */
    private static String safe(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
        return encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded;
    }
}
