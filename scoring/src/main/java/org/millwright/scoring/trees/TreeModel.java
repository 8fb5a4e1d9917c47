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
 * answers; where the signature declares one whole number and the model classifies, that is the class.
 */
public final class TreeModel implements Model {
    private final String platform;
    private final Signature signature;
    private final Features features;
    private final Ensemble ensemble;
    private final boolean classOnly;
    private final List<Signature.Column> outputs;
    private volatile boolean closed;

    private TreeModel(String platform, Signature signature, Features features, Ensemble ensemble) {
        this.platform = platform;
        this.signature = signature;
        this.features = features;
        this.ensemble = ensemble;
        List<Signature.Column> declared = signature.outputs();
        this.classOnly = ensemble.classifies()
                && declared.size() == 1
                && declared.get(0).type().isIntegral();
        this.outputs = outputs(declared, classOnly ? 1 : ensemble.width());
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

    @Override
    public Frame predict(Frame input) {
        Frame frame = signature.conform(input).frame();
        if (closed) {
            throw new ModelFailure("the model was closed");
        }
        double[][] columns = new double[ensemble.width()][frame.rows()];
        long[] classes = new long[classOnly ? frame.rows() : 0];
        double[] row = new double[features.count()];
        double[] out = new double[ensemble.width()];
        for (int i = 0; i < frame.rows(); i++) {
            features.fill(frame, i, row);
            ensemble.score(row, out);
            if (classOnly) {
                classes[i] = ensemble.bestClass(out);
            }
            for (int c = 0; c < out.length; c++) {
                columns[c][i] = out[c];
            }
        }
        return classOnly ? frame(new Vector.Longs(classes)) : frame(columns);
    }

    private Frame frame(Vector.Longs classes) {
        return Frame.of(classes.size())
                .column(outputs.get(0).name(), outputs.get(0).type(), classes)
                .build();
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
