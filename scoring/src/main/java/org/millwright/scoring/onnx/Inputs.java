package org.millwright.scoring.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.DataType;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;

/** How the signature's columns become the graph's input tensors. */
record Inputs(List<Tensor> tensors) {
    /** One input tensor [N, columns]: the signature's columns that fill it, in order. */
    record Tensor(String name, OnnxJavaType type, int[] columns, boolean flat) {}

    Inputs {
        tensors = List.copyOf(tensors);
    }

    /** Either each graph input is a column of that name, or the one input takes all columns side by side. */
    static Inputs match(Signature signature, Map<String, NodeInfo> graph) {
        List<Tensor> tensors = new ArrayList<>();
        boolean byName = graph.keySet().stream().allMatch(name -> signature.position(name) >= 0);
        if (!byName && graph.size() != 1) {
            throw new ModelFailure("the ONNX graph's inputs " + graph.keySet() + " are not the signature's columns "
                    + signature.names() + ": export it with one input named after each column");
        }
        for (NodeInfo node : graph.values()) {
            if (!(node.getInfo() instanceof TensorInfo info)) {
                throw new ModelFailure("ONNX input '" + node.getName() + "' is not a tensor");
            }
            tensors.add(byName ? column(signature, node.getName(), info) : matrix(signature, node.getName(), info));
        }
        return new Inputs(tensors);
    }

    private static Tensor column(Signature signature, String name, TensorInfo info) {
        long[] shape = info.getShape();
        boolean fits = shape.length == 1 || (shape.length == 2 && (shape[1] == 1 || shape[1] == -1));
        if (!fits) {
            throw new ModelFailure("ONNX input '" + name + "' has " + shape.length
                    + " dimensions: expected [N] or [N, 1] for one column");
        }
        int position = signature.position(name);
        check(signature.inputs().get(position), info, name);
        return new Tensor(name, info.type, new int[] {position}, shape.length == 1);
    }

    private static Tensor matrix(Signature signature, String name, TensorInfo info) {
        int width = signature.inputs().size();
        long[] shape = info.getShape();
        if (shape.length != 2 || (shape[1] != -1 && shape[1] != width)) {
            throw new ModelFailure("ONNX input '" + name + "' does not take the signature's " + width
                    + " columns: expected a tensor [N, " + width + "]");
        }
        int[] columns = new int[width];
        for (int i = 0; i < width; i++) {
            columns[i] = i;
            check(signature.inputs().get(i), info, name);
        }
        return new Tensor(name, info.type, columns, false);
    }

    private static void check(Signature.Column column, TensorInfo info, String input) {
        OnnxJavaType type = info.type;
        if (TensorInfo.OnnxTensorType.mapFromJavaType(type) != info.onnxType) {
            throw new ModelFailure("ONNX input '" + input + "' is of type "
                    + info.onnxType.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "")
                    + ", of which ONNX Runtime makes no tensor in Java: export it with another type");
        }
        boolean text = column.type() == DataType.STRING;
        boolean fits = switch (type) {
            case STRING -> text;
            case FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT64, INT32, INT16, INT8, UINT8 -> !text;
            case BOOL -> column.type() == DataType.BOOLEAN;
            default -> false;
        };
        if (!fits) {
            throw new ModelFailure("ONNX input '" + input + "' of type " + type + " cannot take column '"
                    + column.name() + "' of type " + column.type().text());
        }
    }
}
