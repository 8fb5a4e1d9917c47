package org.millwright.scoring.drift;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.RowFindings;

/**
 * Drift of all columns together, without rows: how far each row is from what the principal components of training make of it.
 * The error grows when columns do not hang together as they did, though each alone is as before. A window keeps the errors as a
 * column of its profile, so that profiles of any number of replicas merge to the same mean.
 */
public final class Reconstruction {
    /** The derived column that a window's profile has. */
    public static final String COLUMN = "reconstruction error";

    /** Columns that vary; of more there is no reading: the cost of a row grows with their square. */
    public static final int MOST_COLUMNS = 100;

    /** Rows that are enough to learn from. */
    public static final int ENOUGH_ROWS = 50_000;

    /** Share of the variance that the kept components have more than, as in NannyML. */
    private static final double KEPT = 0.65;

    private static final String METHOD = "pca";
    private static final int TILE = 256;
    private static final double ROUNDING = 1e-6;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<StandardColumn> columns;
    /** The kept components, or those left out where they are fewer: unit vectors by column. */
    private final double[][] components;

    private final boolean leftOut;
    private final Optional<ErrorLimits> limits;

    private Reconstruction(
            List<StandardColumn> columns, double[][] components, boolean leftOut, Optional<ErrorLimits> limits) {
        this.columns = List.copyOf(columns);
        this.components = components;
        this.leftOut = leftOut;
        this.limits = limits;
    }

    /** Why nothing can be learned from columns such as training had; empty when it can. */
    public static Optional<String> obstacle(Profile training) {
        int width = StandardColumn.of(training).size();
        return width < 2
                ? Optional.of("fewer than two columns vary")
                : width > MOST_COLUMNS
                        ? Optional.of(width + " columns vary (at most: " + MOST_COLUMNS + ")")
                        : Optional.empty();
    }

    /**
     * Learns the components from training rows, without limits yet; empty when there is an {@link #obstacle}. At least one
     * component is left out: with all of them every row would be made again as it is.
     */
    public static Optional<Reconstruction> learn(Profile training, Frame rows) {
        if (obstacle(training).isPresent() || rows.rows() == 0) {
            return Optional.empty();
        }
        List<StandardColumn> columns = StandardColumn.of(training);
        var components = PrincipalComponents.of(covariance(columns, evenly(rows)));
        int width = columns.size();
        int kept = Math.min(components.having(KEPT), width - 1);
        boolean leftOut = width - kept <= kept;
        return Optional.of(new Reconstruction(
                columns,
                leftOut ? components.vectors(kept, width) : components.vectors(0, kept),
                leftOut,
                Optional.empty()));
    }

    private static Frame evenly(Frame rows) {
        int all = rows.rows();
        return all <= ENOUGH_ROWS
                ? rows
                : rows.pick(IntStream.range(0, ENOUGH_ROWS)
                        .map(i -> (int) ((long) i * all / ENOUGH_ROWS))
                        .toArray());
    }

    private static double[][] covariance(List<StandardColumn> columns, Frame rows) {
        double[][] z = new double[columns.size()][rows.rows()];
        double[][] covariance = new double[z.length][z.length];
        for (int c = 0; c < z.length; c++) {
            StandardColumn column = columns.get(c);
            column.write(column.in(rows, c), 0, rows.rows(), z[c]);
        }
        IntStream.range(0, z.length).parallel().forEach(c -> {
            for (int d = 0; d <= c; d++) {
                double sum = 0;
                for (int i = 0; i < z[c].length; i++) {
                    sum += z[c][i] * z[d][i];
                }
                covariance[c][d] = sum / z[c].length;
            }
        });
        for (int c = 0; c < z.length; c++) {
            for (int d = c + 1; d < z.length; d++) {
                covariance[c][d] = covariance[d][c];
            }
        }
        return covariance;
    }

    /**
     * The same with limits from rows that the components were not learned from; without, when they are too few.
     *
     * @param order of the rows in time
     */
    public Reconstruction limitedBy(Frame heldOut, int[] order) {
        double[] errors = errors(heldOut);
        double[] ordered = Arrays.stream(order).mapToDouble(row -> errors[row]).toArray();
        return new Reconstruction(columns, components, leftOut, ErrorLimits.of(ordered));
    }

    /** What a version learned, if it did. */
    public static Optional<Reconstruction> of(Reference reference) {
        return reference.reconstruction().map(text -> fromJson(text, reference.inputs()));
    }

    /** Adds the errors of rows of production to their window's profile. */
    public void update(Profile window, Frame inputs) {
        look(inputs).addTo(window, null);
    }

    /** Finds the errors of rows of production. */
    public RowFindings look(Frame inputs) {
        return RowFindings.numbers(COLUMN, errors(inputs));
    }

    /** The reconstruction error of each row: the distance between its standardised values and what the components make of them. */
    double[] errors(Frame inputs) {
        int rows = inputs.rows();
        double[] errors = new double[rows];
        var values = new @Nullable Vector[columns.size()];
        Arrays.setAll(values, c -> columns.get(c).in(inputs, c));
        double[][] z = new double[values.length][Math.min(TILE, rows)];
        double[] along = new double[Math.min(TILE, rows)];
        double[] square = new double[along.length];
        for (int from = 0; from < rows; from += TILE) {
            int size = Math.min(TILE, rows - from);
            for (int c = 0; c < values.length; c++) {
                columns.get(c).write(values[c], from, from + size, z[c]);
            }
            squares(z, along, square, size);
            for (int i = 0; i < size; i++) {
                errors[from + i] = Math.sqrt(Math.max(0, square[i]));
            }
        }
        return errors;
    }

    /** Components are at right angles: what they leave of a row is the rest of its length, or its length along the others. */
    private void squares(double[][] z, double[] along, double[] square, int size) {
        Arrays.fill(square, 0);
        if (!leftOut) {
            for (double[] column : z) {
                addSquares(column, 1, square, size);
            }
        }
        for (double[] component : components) {
            Arrays.fill(along, 0);
            for (int c = 0; c < z.length; c++) {
                add(component[c], z[c], along, size);
            }
            addSquares(along, leftOut ? 1 : -1, square, size);
        }
    }

    private static void add(double factor, double[] values, double[] sum, int size) {
        for (int i = 0; i < size; i++) {
            sum[i] += factor * values[i];
        }
    }

    private static void addSquares(double[] values, int sign, double[] sum, int size) {
        for (int i = 0; i < size; i++) {
            sum[i] += sign * values[i] * values[i];
        }
    }

    /** What the errors in a window's profile say; empty when no rows were counted. */
    public Optional<ReconstructionError> measure(Profile window) {
        ColumnProfile column = window.column(Profile.derivedName(COLUMN)).orElse(null);
        if (!(column instanceof NumericProfile errors) || errors.present() == 0) {
            return Optional.empty();
        }
        long rows = errors.present();
        double value = errors.mean();
        double samplingError = errors.deviation() / Math.sqrt(rows);
        return Optional.of(limits.map(known -> known.judge(value, samplingError, rows))
                .orElseGet(
                        () -> new ReconstructionError(value, samplingError, rows, Double.NaN, Double.NaN, Double.NaN)));
    }

    /** Names of the columns that it looks at. */
    public List<String> columns() {
        return columns.stream().map(StandardColumn::name).toList();
    }

    /** How many components are kept. */
    int kept() {
        return leftOut ? columns.size() - components.length : components.length;
    }

    Optional<ErrorLimits> limits() {
        return limits;
    }

    public String toJson() {
        ObjectNode json = JSON.createObjectNode().put("method", METHOD).put("leftOut", leftOut);
        columns().forEach(json.putArray("columns")::add);
        ArrayNode vectors = json.putArray("components");
        for (double[] component : components) {
            ArrayNode vector = vectors.addArray();
            Arrays.stream(component).forEach(vector::add);
        }
        limits.ifPresent(known -> known.write(json.putObject("limits")));
        return json.toString();
    }

    /** Reads what {@link #toJson} wrote for columns such as training had; throws IllegalArgumentException for anything else. */
    public static Reconstruction fromJson(String text, Profile training) {
        try {
            JsonNode json = JSON.readTree(text);
            if (!json.path("method").asText().equals(METHOD)) {
                throw new IllegalArgumentException("a reconstruction by '"
                        + json.path("method").asText() + "': this version knows pca; take a newer Millwright");
            }
            List<StandardColumn> columns = StandardColumn.of(training);
            List<String> names = new ArrayList<>();
            json.path("columns").forEach(name -> names.add(name.asText()));
            require(
                    names.size() >= 2
                            && names.size() <= MOST_COLUMNS
                            && names.equals(
                                    columns.stream().map(StandardColumn::name).toList()),
                    "its columns are not those that vary in training");
            return new Reconstruction(
                    columns,
                    vectors(json.path("components"), names.size()),
                    json.path("leftOut").asBoolean(),
                    json.has("limits") ? Optional.of(ErrorLimits.read(json.path("limits"))) : Optional.empty());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a reconstruction: " + e.getOriginalMessage(), e);
        }
    }

    /** Unit vectors at right angles to each other. */
    private static double[][] vectors(JsonNode json, int width) {
        require(json.size() >= 1 && json.size() < width, "it has " + json.size() + " components");
        double[][] vectors = new double[json.size()][];
        for (int k = 0; k < vectors.length; k++) {
            JsonNode component = json.path(k);
            require(component.size() == width, "a component has " + component.size() + " numbers");
            double[] vector = new double[width];
            Arrays.setAll(vector, c -> component.path(c).asDouble(Double.NaN));
            vectors[k] = vector;
            for (int other = 0; other <= k; other++) {
                double product = 0;
                for (int c = 0; c < width; c++) {
                    product += vector[c] * vectors[other][c];
                }
                require(
                        Math.abs(product - (other == k ? 1 : 0)) < ROUNDING,
                        "its components are no unit vectors at right angles");
            }
        }
        return vectors;
    }

    static void require(boolean holds, String why) {
        if (!holds) {
            throw new IllegalArgumentException("not a reconstruction: " + why);
        }
    }
}
