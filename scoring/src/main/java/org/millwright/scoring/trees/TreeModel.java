package org.millwright.scoring.trees;

import java.util.ArrayList;
import java.util.List;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.scoring.Vector;

/**
 * A model of decision trees as its library saved it, evaluated in Java. It answers what the library's {@code predict}
 * answers. Of a model that classifies it is the class where the signature declares one whole number or truth value, and the
 * class with the probability of each where that many reals are declared behind it.
 */
public final class TreeModel implements Model {
    private final String platform;
    private final Signature signature;
    private final Features features;
    private final Ensemble ensemble;
    private final boolean namesClass;
    private final boolean probable;
    private final List<Signature.Column> outputs;
    private volatile boolean closed;

    private TreeModel(String platform, Signature signature, Features features, Ensemble ensemble) {
        this.platform = platform;
        this.signature = signature;
        this.features = features;
        this.ensemble = ensemble;
        List<Signature.Column> declared = signature.outputs();
        this.probable = ensemble.classifies()
                && declared.size() == 1 + ensemble.classes()
                && isClass(declared.get(0), ensemble)
                && declared.subList(1, declared.size()).stream()
                        .allMatch(output -> output.type().isReal());
        this.namesClass =
                probable || ensemble.classifies() && declared.size() == 1 && isClass(declared.get(0), ensemble);
        this.outputs = namesClass ? declared : outputs(declared, ensemble.width());
    }

    private static boolean isClass(Signature.Column output, Ensemble ensemble) {
        return output.type().isIntegral() || output.type() == DataType.BOOLEAN && ensemble.classes() == 2;
    }

    /**
     * Reads what XGBoost's {@code save_model} wrote, JSON or UBJSON.
     *
     * @throws ModelFailure when the file is damaged, holds what is not evaluated, or does not fit the signature
     */
    public static TreeModel xgboost(byte[] file, Signature signature) {
        XgboostFile model = XgboostFile.read(file);
        return new TreeModel("xgboost_ubj", signature, model.features(signature), model.ensemble());
    }

    /**
     * Reads what LightGBM's {@code save_model} wrote.
     *
     * @throws ModelFailure when the file is damaged, holds what is not evaluated, or does not fit the signature
     */
    public static TreeModel lightgbm(byte[] file, Signature signature) {
        LightgbmFile model = LightgbmFile.read(file);
        return new TreeModel("lightgbm_text", signature, model.features(signature), model.ensemble());
    }

    /**
     * Reads what CatBoost's {@code save_model} wrote with {@code format="json"}. A classifier that does not answer
     * classes gives the sum of its trees, CatBoost's {@code RawFormulaVal}.
     *
     * @throws ModelFailure when the file is damaged, holds what is not evaluated, or does not fit the signature
     */
    public static TreeModel catboost(byte[] file, Signature signature) {
        CatboostFile model = CatboostFile.read(file);
        return new TreeModel("catboost_json", signature, model.features(signature), model.ensemble());
    }

    private static List<Signature.Column> outputs(List<Signature.Column> declared, int width) {
        if (declared.size() == width) {
            return declared;
        }
        List<Signature.Column> outputs = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            outputs.add(Signature.Column.of(width == 1 ? "prediction" : "prediction_" + i, DataType.DOUBLE));
        }
        return outputs;
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public String platform() {
        return platform;
    }

    /** Always: it is computed in Java, by the thread that asks. */
    @Override
    public boolean isFree() {
        return true;
    }

    @Override
    public Frame predict(Frame input) {
        Frame frame = signature.conform(input).frame();
        if (closed) {
            throw new ModelFailure("the model was closed");
        }
        return namesClass ? classes(frame) : scores(frame);
    }

    private Frame scores(Frame frame) {
        double[][] columns = new double[ensemble.width()][frame.rows()];
        double[] row = new double[features.count()];
        double[] out = new double[ensemble.width()];
        for (int i = 0; i < frame.rows(); i++) {
            features.fill(frame, i, row);
            ensemble.score(row, out);
            for (int c = 0; c < out.length; c++) {
                columns[c][i] = out[c];
            }
        }
        return frame(columns);
    }

    private Frame classes(Frame frame) {
        long[] classes = new long[frame.rows()];
        double[][] columns = new double[probable ? ensemble.classes() : 0][frame.rows()];
        double[] row = new double[features.count()];
        double[] out = new double[ensemble.width()];
        double[] probabilities = new double[ensemble.classes()];
        for (int i = 0; i < frame.rows(); i++) {
            features.fill(frame, i, row);
            ensemble.score(row, out);
            classes[i] = ensemble.bestClass(out);
            if (probable) {
                ensemble.probabilities(out, probabilities);
                for (int c = 0; c < columns.length; c++) {
                    columns[c][i] = probabilities[c];
                }
            }
        }
        Frame.Builder answer = Frame.of(frame.rows());
        answer.column(
                outputs.get(0).name(),
                outputs.get(0).type(),
                named(classes, outputs.get(0).type()));
        for (int c = 0; c < columns.length; c++) {
            Signature.Column output = outputs.get(c + 1);
            answer.column(output.name(), output.type(), new Vector.Doubles(columns[c]));
        }
        return answer.build();
    }

    private static Vector named(long[] classes, DataType type) {
        if (type.isIntegral()) {
            return new Vector.Longs(classes);
        }
        boolean[] truths = new boolean[classes.length];
        for (int i = 0; i < truths.length; i++) {
            truths[i] = classes[i] == 1;
        }
        return new Vector.Booleans(truths);
    }

    private Frame frame(double[][] columns) {
        Frame.Builder frame = Frame.of(columns[0].length);
        for (int c = 0; c < columns.length; c++) {
            Signature.Column output = outputs.get(c);
            DataType type = output.type().isReal() ? output.type() : DataType.DOUBLE;
            frame.column(output.name(), type, new Vector.Doubles(columns[c]));
        }
        return frame.build();
    }

    @Override
    public void close() {
        closed = true;
    }
}
