package org.millwright.engines.worker;

import java.util.List;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.scoring.Vector;

/** Brings what a model answered to the columns that its signature declares. */
final class Outputs {
    private Outputs() {}

    /** The answer under the declared names and, where that loses nothing, types; {@link ModelFailure} for another width. */
    static Frame shaped(Signature signature, Frame answer) {
        List<Signature.Column> declared = signature.outputs();
        if (declared.isEmpty()) {
            return answer;
        }
        if (declared.size() != answer.width()) {
            throw new ModelFailure(
                    "the model answered " + answer.width() + " columns, its signature declares " + declared.size());
        }
        Frame.Builder shaped = Frame.of(answer.rows());
        for (int i = 0; i < answer.width(); i++) {
            DataType wanted = declared.get(i).type();
            boolean widen = wanted.isReal() && answer.type(i).isIntegral();
            boolean same = wanted.isReal() && answer.type(i).isReal()
                    || wanted.isIntegral() && answer.type(i).isIntegral();
            Vector values = widen ? new Vector.Doubles(answer.doubles(i)) : answer.column(i);
            shaped.column(declared.get(i).name(), widen || same ? wanted : answer.type(i), values);
        }
        return shaped.build();
    }

    /** The answer for no rows. */
    static Frame none(Signature signature) {
        List<Signature.Column> columns = signature.outputs().isEmpty()
                ? List.of(Signature.Column.of("prediction", DataType.DOUBLE))
                : signature.outputs();
        Frame.Builder none = Frame.of(0);
        columns.forEach(column -> none.column(column.name(), column.type(), Vector.empty(column.type())));
        return none.build();
    }
}
