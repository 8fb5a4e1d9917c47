package org.millwright.web.oip;

import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Signature;
import org.millwright.scoring.codec.Datatype;
import org.millwright.serving.Scorer;

/** What the protocol tells of the server and of a model, in whatever form. */
public record Metadata(
        String model, List<String> versions, String platform, List<Tensor> inputs, List<Tensor> outputs) {
    public static final String SERVER = "millwright";
    public static final String SERVER_VERSION = "0.1.0";
    public static final List<String> EXTENSIONS = List.of("binary_tensor_data");

    /** One dimension of each tensor: as many rows as the caller likes. */
    public static final int ANY = -1;

    /** A tensor of shape [N]. */
    public record Tensor(String name, String datatype) {}

    /** Of a deployment, or of one of its versions; {@code Problem.NotFound} when there is none that the actor may know of. */
    public static Metadata of(Scorer scorer, Actor by, String model, Optional<String> version) {
        Signature signature = scorer.signature(by, model, version);
        List<Signature.Column> outputs = signature.outputs().isEmpty()
                ? List.of(Signature.Column.of("prediction", DataType.DOUBLE))
                : signature.outputs();
        return new Metadata(
                model,
                List.copyOf(scorer.versions(by, model)),
                scorer.platform(by, model, version),
                tensors(signature.inputs()),
                tensors(outputs));
    }

    private static List<Tensor> tensors(List<Signature.Column> columns) {
        return columns.stream()
                .map(column ->
                        new Tensor(column.name(), Datatype.of(column.type()).name()))
                .toList();
    }
}
