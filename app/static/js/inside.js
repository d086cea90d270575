// WeChat's own browser opens the payment; what became of it the shop hears from WeChat Pay, never from here.
(() => {
  const card = document.querySelector("[data-bridge]");
  const open = () => {
    window.WeixinJSBridge.invoke("getBrandWCPayRequest", JSON.parse(card.dataset.bridge), (answer) => {
      if (answer.err_msg === "get_brand_wcpay_request:ok") return location.replace(card.dataset.paid);
      card.querySelector("[data-opening]").hidden = true;
      card.querySelector("[data-cancelled]").hidden = false;
    });
  };
  if (window.WeixinJSBridge) open();
  else document.addEventListener("WeixinJSBridgeReady", open, { once: true });
})();
