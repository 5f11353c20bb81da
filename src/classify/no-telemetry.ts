/**
 * ONNX Runtime 1.30 for Linux reports its use to its maker: it looks a host up and would send to it (its variable
 * ORT_DISABLE_TELEMETRY turns that off). This program opens no socket, so every module that loads the runtime imports this
 * one first: the variable is read when the first session is made.
 */
process.env.ORT_DISABLE_TELEMETRY = '1'
