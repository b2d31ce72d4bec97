package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.exception.MongoServerException;
import de.bwaldvogel.mongo.wire.message.ClientRequest;
import de.bwaldvogel.mongo.wire.message.MessageHeader;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import de.bwaldvogel.mongo.wire.message.MongoQuery;
import de.bwaldvogel.mongo.wire.message.MongoReply;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one connection's commands, in their order. */
final class CommandHandler extends SimpleChannelInboundHandler<ClientRequest> {

    private static final Logger log = LoggerFactory.getLogger(CommandHandler.class);
    private static final int INTERNAL_ERROR = 1;

    private final MongoBackend backend;
    private final ChannelGroup connections;
    private int lastRequestId;

    CommandHandler(MongoBackend backend, ChannelGroup connections) {
        this.backend = backend;
        this.connections = connections;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        connections.add(context.channel());
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        backend.handleClose(context.channel());
        context.fireChannelInactive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ClientRequest request) {
        MessageHeader header =
                new MessageHeader(++lastRequestId, request.getHeader().getRequestID());
        switch (request) {
            case MongoMessage message ->
                context.writeAndFlush(new MongoMessage(
                        context.channel(), header, answer(request, message.getDatabaseName(), message.getDocument())));
            case MongoQuery query ->
                context.writeAndFlush(
                        new MongoReply(header, List.of(answer(request, query.getDatabaseName(), query.getQuery())), 0));
            default -> throw new IllegalArgumentException("neither OP_MSG nor OP_QUERY: " + request.getClass());
        }
    }

    private Document answer(ClientRequest request, String database, Document command) {
        String name = command.keySet().iterator().next();
        try {
            return backend.handleCommand(request.getChannel(), database, name, command);
        } catch (MongoServerError e) {
            return failed(e.getCode(), e.getCodeName(), e.getMessageWithoutErrorCode());
        } catch (MongoServerException e) {
            return failed(INTERNAL_ERROR, "InternalError", e.getMessageWithoutErrorCode());
        } catch (RuntimeException e) {
            log.error("command {} failed", name, e);
            return failed(INTERNAL_ERROR, "InternalError", String.valueOf(e.getMessage()));
        }
    }

    private static Document failed(int code, String codeName, String message) {
        return new Document("ok", 0.0)
                .append("errmsg", message)
                .append("code", code)
                .append("codeName", codeName);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.warn("closing the connection of {}: {}", context.channel().remoteAddress(), cause.toString());
        context.close();
    }
}
