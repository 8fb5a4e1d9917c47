package org.millwright.scoring.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;
import org.millwright.scoring.TestModels;
import org.millwright.scoring.Vector;

/** Requests and answers whose tensors follow the JSON as bytes. */
class BinaryDataTest {
    private static final Signature ALL = new Signature(
            List.of(
                    new Signature.Column("d", DataType.DOUBLE, true, true),
                    new Signature.Column("f", DataType.FLOAT, true, true),
                    new Signature.Column("l", DataType.LONG, true, false),
                    new Signature.Column("i", DataType.INTEGER, true, false),
                    new Signature.Column("b", DataType.BOOLEAN, true, false),
                    new Signature.Column("s", DataType.STRING, true, false)),
            List.of());

    /** What is written as an answer is read back as a request, bit by bit. */
    @Property(tries = 300)
    void everyTypeSurvivesTheWay(@ForAll Random random) {
        Frame sent = frame(random, random.nextInt(20));
        Frame got = reread(answer(sent, Map.of(), true)).rows().frame();
        assertThat(got.rows()).isEqualTo(sent.rows());
        assertThat(got.doubles("d")).containsExactly(sent.doubles("d"));
        assertThat(got.doubles("f")).containsExactly(sent.doubles("f"));
        for (int column = 2; column < sent.width(); column++) {
            for (int row = 0; row < sent.rows(); row++) {
                assertThat(got.value(column, row)).isEqualTo(sent.value(column, row));
            }
        }
    }

    @Property(tries = 300)
    void binaryAndJsonOutputsMayBeMixed(@ForAll Random random) {
        Frame sent = frame(random, 1 + random.nextInt(5));
        TensorCodec.Body body =
                answer(sent, Map.of("d", false, "l", true, "s", random.nextBoolean()), random.nextBoolean());
        Frame got = reread(body).rows().frame();
        assertThat(got.column("l").value(0)).isEqualTo(sent.column("l").value(0));
        assertThat(got.column("s").value(0)).isEqualTo(sent.column("s").value(0));
    }

    /** Whatever bytes come, they are read or refused in one short sentence. */
    @Property(tries = 20_000)
    void damagedBodiesAreReadOrRefused(@ForAll Random random) {
        TensorCodec.Body body = answer(frame(random, 3), Map.of("l", random.nextBoolean()), true);
        byte[] request = request(body).bytes();
        int header = request(body).header();
        byte[] damaged = Arrays.copyOf(request, Math.max(1, request.length - random.nextInt(3) + random.nextInt(3)));
        for (int k = random.nextInt(4); k >= 0; k--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        try {
            TensorCodec.read(
                    damaged, header + (random.nextInt(10) == 0 ? random.nextInt(-9, 9) : 0), ALL, Limits.USUAL);
        } catch (InvalidInput expected) {
            assertThat(expected.getMessage()).hasSizeLessThan(600);
        }
    }

    @Example
    void everyDatatypeIsReadLittleEndian() {
        assertThat(reals(
                        "FP16",
                        bytes(8).putShort((short) 0x3c00)
                                .putShort((short) 0xc000)
                                .putShort((short) 1)
                                .putShort((short) 0x7bff)))
                .containsExactly(1, -2, 0x1p-24, 65_504);
        assertThat(reals(
                        "FP16",
                        bytes(8).putShort((short) 0x7c00)
                                .putShort((short) 0xfc00)
                                .putShort((short) 0x7e01)
                                .putShort((short) 0x8000)))
                .containsExactly(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, -0.0);
        assertThat(reals(
                        "BF16",
                        bytes(6).putShort((short) 0x3f80)
                                .putShort((short) 0xc000)
                                .putShort((short) 0x7f80)))
                .containsExactly(1, -2, Double.POSITIVE_INFINITY);
        assertThat(reals("FP32", bytes(8).putFloat(0.1f).putFloat(Float.NaN))).containsExactly(0.1f, Double.NaN);
        assertThat(reals("FP64", bytes(8).putDouble(Math.PI))).containsExactly(Math.PI);
        assertThat(reals("INT8", bytes(2).put((byte) -128).put((byte) 127))).containsExactly(-128, 127);
        assertThat(reals("UINT8", bytes(1).put((byte) 255))).containsExactly(255);
        assertThat(reals("INT16", bytes(2).putShort(Short.MIN_VALUE))).containsExactly(Short.MIN_VALUE);
        assertThat(reals("UINT16", bytes(2).putShort((short) -1))).containsExactly(65_535);
        assertThat(reals("INT32", bytes(4).putInt(Integer.MIN_VALUE))).containsExactly(Integer.MIN_VALUE);
        assertThat(reals("UINT32", bytes(4).putInt(-1))).containsExactly(4_294_967_295.0);
        assertThat(reals("INT64", bytes(8).putLong(-(1L << 53)))).containsExactly(-0x1p53);
        assertThat(reals("UINT64", bytes(8).putLong(7))).containsExactly(7);
    }

    /** One binary input for a column of doubles. */
    private static double[] reals(String datatype, ByteBuffer data) {
        int width = Datatype.valueOf(datatype).width;
        return one(DataType.DOUBLE, datatype, "[" + data.capacity() / width + "]", data.array())
                .rows()
                .frame()
                .doubles(0);
    }

    private static InferRequest one(DataType column, String datatype, String shape, byte[] data) {
        String json = "{\"inputs\":[{\"name\":\"x\",\"parameters\":{\"binary_data_size\":" + data.length
                + "},\"shape\":" + shape + ",\"datatype\":\"" + datatype + "\"}]}";
        var signature = new Signature(List.of(Signature.Column.of("x", column)), List.of());
        return TensorCodec.read(join(json, data), json.length(), signature, Limits.USUAL);
    }

    @Example
    void everyFaultIsNamed() {
        refused(DataType.DOUBLE, "FP64", "[2]", new byte[8], "2 elements of FP64 are 16 bytes, not 8");
        refused(DataType.DOUBLE, "FP64", "[2]", new byte[24], "are 16 bytes, not 24");
        refused(DataType.DOUBLE, "FP64", "[-1]", new byte[8], "at least 0");
        refused(DataType.DOUBLE, "FP64", "[4611686018427387904,4]", new byte[8], "too many elements");
        refused(DataType.DOUBLE, "FP64", "[1000000000000]", new byte[8], "too many elements");
        refused(DataType.DOUBLE, "FP65", "[1]", new byte[8], "unknown datatype 'FP65'");
        refused(DataType.DOUBLE, "BYTES", "[1]", new byte[4], "expected FP64");
        refused(DataType.LONG, "FP64", "[1]", new byte[8], "expected INT64");
        refused(DataType.LONG, "UINT64", "[1]", longs(-1), "outside the range of UINT64");
        refused(DataType.INTEGER, "UINT32", "[1]", new byte[] {-1, -1, -1, -1}, "expected integer");
        refused(DataType.DOUBLE, "INT64", "[1]", longs((1L << 53) + 1), "expected double");
        refused(DataType.BOOLEAN, "BOOL", "[1]", new byte[] {2}, "one byte of 0 or 1");
        refused(DataType.STRING, "BYTES", "[2]", new byte[] {0, 0, 0, 0}, "do not fit into 4 bytes");
        refused(DataType.STRING, "BYTES", "[1]", new byte[] {9, 0, 0, 0, 65}, "beyond the end");
        refused(DataType.STRING, "BYTES", "[1]", new byte[] {-1, -1, -1, -1, 65}, "beyond the end");
        refused(DataType.STRING, "BYTES", "[2]", new byte[] {4, 0, 0, 0, 65, 65, 65, 65}, "beyond the end");
        refused(DataType.STRING, "BYTES", "[1]", new byte[] {1, 0, 0, 0, 65, 66}, "1 bytes are left");
        refused(DataType.STRING, "BYTES", "[1]", new byte[] {1, 0, 0, 0, -1}, "is not UTF-8");
        refused(DataType.STRING, "BYTES", "[100000000]", new byte[400], "too many elements");
    }

    private static void refused(DataType column, String datatype, String shape, byte[] data, String message) {
        assertThatThrownBy(() -> one(column, datatype, shape, data))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(message);
    }

    @Example
    void theHeaderAndTheSizesMustMeetTheBody() {
        TensorCodec.Body body = answer(frame(new Random(1), 2), Map.of(), true);
        byte[] bytes = body.bytes();
        for (int header : new int[] {0, -1, bytes.length + 1}) {
            assertThatThrownBy(() -> TensorCodec.read(bytes, header, ALL, Limits.USUAL))
                    .hasMessageContaining("is said to have " + header + " bytes");
        }
        assertThatThrownBy(() -> reread(body, all -> Arrays.copyOf(all, all.length + 1)))
                .hasMessageContaining("1 bytes after the JSON belong to no input");
        assertThatThrownBy(() -> reread(body, all -> Arrays.copyOf(all, all.length - 1)))
                .hasMessageContaining("bytes follow the JSON");
        String json = new String(bytes, 0, body.header(), StandardCharsets.UTF_8).replace("outputs", "inputs");
        assertThatThrownBy(() -> TensorCodec.read(json.getBytes(StandardCharsets.UTF_8), ALL, Limits.USUAL))
                .hasMessageContaining("0 bytes follow the JSON");
    }

    @Example
    void valuesOfAllInputsTogetherAreLimited() {
        TensorCodec.Body body = answer(frame(new Random(1), 4), Map.of(), true);
        TensorCodec.Body request = request(body);
        assertThatThrownBy(() -> TensorCodec.read(request.bytes(), request.header(), ALL, new Limits(100, 10)))
                .hasMessageContaining("at most 2 more");
    }

    @Example
    void whatIsMissingIsSaidInJsonOnly() {
        var nulls = new java.util.BitSet();
        nulls.set(1);
        Frame holes = Frame.of(2)
                .column("l", DataType.LONG, new Vector.Longs(new long[] {1, 0}, nulls))
                .build();
        assertThatThrownBy(() -> answer(holes, Map.of(), true)).hasMessageContaining("'l', row 1: is missing");
        assertThat(answer(holes, Map.of(), false).isJson()).isTrue();
    }

    @Example
    void aRequestByTensorsIsLimitedAsOneInJson() {
        var request = new InferRequestBuilder(TestModels.MIXED, Limits.USUAL);
        assertThatThrownBy(() -> request.addWholes("hour", "INT64", new long[] {-1}, new long[0]))
                .hasMessageContaining("at least 0");
        assertThatThrownBy(() -> request.addWholes("hour", "INT64", new long[9], new long[0]))
                .hasMessageContaining("more than 8 dimensions");
        assertThatThrownBy(() -> request.addReals("hour", "FP64", new long[] {2}, new double[1]))
                .hasMessageContaining("means 2 elements");
        assertThatThrownBy(() -> request.addBinary("", "FP64", new long[] {1}, new byte[8], 0, 8))
                .hasMessageContaining("'name' is missing");
        assertThatThrownBy(() -> request.addBinary("x", "FP64", new long[] {1L << 40}, new byte[8], 0, 8))
                .hasMessageContaining("more than");
        for (int i = 0; i < 6; i++) {
            request.addTexts("x" + i, "BYTES", new long[] {1}, new String[] {"x"});
        }
        assertThatThrownBy(() -> request.addTexts("x", "BYTES", new long[] {1}, new String[] {"x"}))
                .hasMessageContaining("more inputs than the model's 4");
    }

    private static Frame frame(Random random, int rows) {
        var d = new double[rows];
        var f = new double[rows];
        var l = new long[rows];
        var i = new long[rows];
        var b = new boolean[rows];
        var s = new String[rows];
        for (int row = 0; row < rows; row++) {
            d[row] = random.nextInt(9) == 0
                    ? Double.NaN
                    : random.nextGaussian() * Math.pow(10, random.nextInt(-300, 300));
            f[row] = (float) random.nextGaussian();
            l[row] = random.nextLong();
            i[row] = random.nextInt();
            b[row] = random.nextBoolean();
            s[row] = "x€😀\"\n".substring(0, random.nextInt(4) == 3 ? 4 : random.nextInt(3));
        }
        return Frame.of(rows)
                .doubles("d", d)
                .column("f", DataType.FLOAT, new Vector.Doubles(f))
                .longs("l", l)
                .column("i", DataType.INTEGER, new Vector.Longs(i))
                .booleans("b", b)
                .strings("s", s)
                .build();
    }

    private static TensorCodec.Body answer(Frame frame, Map<String, Boolean> binary, boolean otherwise) {
        var rows = new ScoringRequest("", frame, List.of(), new long[0], List.of(), List.of());
        return TensorCodec.write("m", "1", new InferRequest(rows, binary, otherwise), frame);
    }

    /** An answer turned into a request: its outputs are the inputs. */
    private static TensorCodec.Body request(TensorCodec.Body answer) {
        String json = new String(answer.bytes(), 0, answer.header(), StandardCharsets.UTF_8)
                .replace("\"outputs\":", "\"inputs\":");
        byte[] data = Arrays.copyOfRange(answer.bytes(), answer.header(), answer.bytes().length);
        return new TensorCodec.Body(join(json, data), json.getBytes(StandardCharsets.UTF_8).length);
    }

    private static InferRequest reread(TensorCodec.Body answer) {
        return reread(answer, UnaryOperator.identity());
    }

    private static InferRequest reread(TensorCodec.Body answer, UnaryOperator<byte[]> change) {
        TensorCodec.Body request = request(answer);
        return TensorCodec.read(change.apply(request.bytes()), request.header(), ALL, Limits.USUAL);
    }

    private static byte[] join(String json, byte[] data) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(json.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(data);
        return out.toByteArray();
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] longs(long value) {
        return bytes(8).putLong(value).array();
    }
}
