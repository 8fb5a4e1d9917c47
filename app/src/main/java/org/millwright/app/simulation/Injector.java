package org.millwright.app.simulation;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Makes of rows as they were what a faulty world sends. The same rows, faults and seed give the same again. */
public final class Injector {
    private static final double CRC_RANGE = 0x1p32;

    private final List<Fault> faults;
    private final Map<String, Double> deviations;
    private final long seed;

    /** @param deviations the standard deviation of each numeric column, without faults */
    public Injector(List<Fault> faults, Map<String, Double> deviations, long seed) {
        this.faults = List.copyOf(faults);
        this.deviations = Map.copyOf(deviations);
        this.seed = seed;
    }

    /** The standard deviations of the numeric columns of these rows, by which {@code sd} is measured. */
    public static Map<String, Double> deviations(List<Row> rows) {
        record Sums(long n, double mean, double squares) {
            Sums add(double value) {
                double next = mean + (value - mean) / (n + 1);
                return new Sums(n + 1, next, squares + (value - mean) * (value - next));
            }
        }
        var sums = new HashMap<String, Sums>();
        for (Row row : rows) {
            row.values().forEach((column, value) -> {
                if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
                    sums.put(
                            column, sums.getOrDefault(column, new Sums(0, 0, 0)).add(number.doubleValue()));
                }
            });
        }
        var deviations = new HashMap<String, Double>();
        sums.forEach((column, sum) ->
                deviations.put(column, sum.n() < 2 ? 0 : Math.sqrt(sum.squares() / (sum.n() - 1))));
        return deviations;
    }

    /** The row with the inputs and the outcome that the faulty world has. */
    public Row apply(Row clean) {
        Row row = clean;
        for (Fault fault : faults) {
            if (fault.when().contains(clean.at())) {
                row = switch (fault) {
                    case Fault.Shifted shifted -> shifted(row, shifted);
                    case Fault.Broken broken -> broken(row, broken);
                    case Fault.Moved moved -> moved(clean, row, moved);
                    default -> row;
                };
            }
        }
        return row;
    }

    private Row shifted(Row row, Fault.Shifted fault) {
        return row.value(fault.name()) instanceof Number number
                ? row.with(
                        fault.name(),
                        fault.change().apply(number.doubleValue(), deviations.getOrDefault(fault.name(), 0.0)))
                : row;
    }

    private static Row broken(Row row, Fault.Broken fault) {
        return switch (fault.instead()) {
            case NULL -> row.with(fault.name(), null);
            case ABSENT -> row.without(fault.name());
            case CONSTANT -> row.with(fault.name(), constant(row, fault));
        };
    }

    private static Object constant(Row row, Fault.Broken fault) {
        boolean text = row.value(fault.name()) instanceof String;
        try {
            return text ? fault.constant() : (Object) Double.valueOf(fault.constant());
        } catch (NumberFormatException e) {
            return fault.constant();
        }
    }

    /** Segments are those of the clean row: a column broken by another fault does not change who is meant. */
    private static Row moved(Row clean, Row row, Fault.Moved fault) {
        boolean meant = fault.segment().map(segment -> segment.holds(clean)).orElse(true);
        @Nullable Object label = row.label();
        return meant && label instanceof Number number
                ? row.labelled(fault.change().apply(number.doubleValue(), 0))
                : row;
    }

    /** When the request comes: at its event time, or later. */
    public long arrival(Row row) {
        long latest = row.at();
        for (Fault fault : faults) {
            if (fault instanceof Fault.Late late && late.when().contains(row.at())) {
                latest = Math.max(latest, row.at() + late.by().toMillis());
            }
        }
        return latest;
    }

    /** Whether the request is sent a second time. */
    public boolean isTwice(Row row) {
        return faults.stream()
                .anyMatch(fault -> fault instanceof Fault.Twice twice
                        && twice.when().contains(row.at())
                        && chance(row.id(), seed) < twice.share());
    }

    /** Whether outcomes that become known at that time are sent. */
    public boolean isLabelled(long knownAt) {
        return faults.stream()
                .noneMatch(fault ->
                        fault instanceof Fault.Unlabelled && fault.when().contains(knownAt));
    }

    /** A number from 0 to below 1 that depends on the id and the seed only. */
    public static double chance(String id, long seed) {
        var crc = new CRC32();
        crc.update((seed + "/" + id).getBytes(StandardCharsets.UTF_8));
        return crc.getValue() / CRC_RANGE;
    }
}
